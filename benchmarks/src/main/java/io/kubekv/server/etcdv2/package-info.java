/** Benchmarks of this package's own parts, which only it can reach. */
@NullMarked
package io.kubekv.server.etcdv2;

import org.jspecify.annotations.NullMarked;
