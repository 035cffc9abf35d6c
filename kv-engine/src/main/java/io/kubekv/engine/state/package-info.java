/**
 * What the store holds, what may happen to it, and who decides: {@link
 * io.kubekv.engine.state.Decider}. Immutable and pure: nothing here waits, and nothing knows of a
 * log.
 */
@NullMarked
package io.kubekv.engine.state;

import org.jspecify.annotations.NullMarked;
