@NullMarked
package io.kubekv.k8s;

import org.jspecify.annotations.NullMarked;
