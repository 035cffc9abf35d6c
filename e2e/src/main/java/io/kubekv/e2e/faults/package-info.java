/** {@code e2e/run faults}: breaks everything around the store, and checks what clients saw. */
@NullMarked
package io.kubekv.e2e.faults;

import org.jspecify.annotations.NullMarked;
