/** What a process of a store takes and says of itself, seen from outside. */
@NullMarked
package io.kubekv.e2e.process;

import org.jspecify.annotations.NullMarked;
