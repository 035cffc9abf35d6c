/** Benchmarks of this package's own parts, which only it can reach. */
@NullMarked
package io.kubekv.server.consul;

import org.jspecify.annotations.NullMarked;
