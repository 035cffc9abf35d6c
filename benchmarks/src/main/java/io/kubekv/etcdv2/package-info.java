/** Benchmarks of this package's own parts, which only it can reach. */
@NullMarked
package io.kubekv.etcdv2;

import org.jspecify.annotations.NullMarked;
