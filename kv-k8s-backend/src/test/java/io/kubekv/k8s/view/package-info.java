@NullMarked
package io.kubekv.k8s.view;

import org.jspecify.annotations.NullMarked;
