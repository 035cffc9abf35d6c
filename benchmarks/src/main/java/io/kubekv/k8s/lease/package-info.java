/** Benchmarks of this package's own parts, which only it can reach. */
@NullMarked
package io.kubekv.k8s.lease;

import org.jspecify.annotations.NullMarked;
