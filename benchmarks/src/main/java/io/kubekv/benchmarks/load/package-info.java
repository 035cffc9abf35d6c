/**
 * Drivers of load through the wire: the same client program for every store, at a fixed rate or as
 * fast as it is answered.
 */
@NullMarked
package io.kubekv.benchmarks.load;

import org.jspecify.annotations.NullMarked;
