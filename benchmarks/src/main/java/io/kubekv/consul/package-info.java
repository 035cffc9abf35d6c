/** Benchmarks of this package's own parts, which only it can reach. */
@NullMarked
package io.kubekv.consul;

import org.jspecify.annotations.NullMarked;
