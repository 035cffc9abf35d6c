/** The stores of a run, and all that is done to them. */
@NullMarked
package io.kubekv.e2e.faults.nemesis;

import org.jspecify.annotations.NullMarked;
