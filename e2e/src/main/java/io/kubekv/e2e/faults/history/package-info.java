/** What clients saw and what was done to the stores, on one monotonic clock, as JSON lines. */
@NullMarked
package io.kubekv.e2e.faults.history;

import org.jspecify.annotations.NullMarked;
