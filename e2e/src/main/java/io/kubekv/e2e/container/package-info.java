/** Kubernetes API servers in containers, for those who have a container engine. */
@NullMarked
package io.kubekv.e2e.container;

import org.jspecify.annotations.NullMarked;
