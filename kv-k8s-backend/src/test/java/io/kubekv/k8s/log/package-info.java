@NullMarked
package io.kubekv.k8s.log;

import org.jspecify.annotations.NullMarked;
