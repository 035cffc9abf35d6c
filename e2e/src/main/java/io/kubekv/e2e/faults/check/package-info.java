/** Checkers of histories: each finds what a correct store cannot have shown. */
@NullMarked
package io.kubekv.e2e.faults.check;

import org.jspecify.annotations.NullMarked;
