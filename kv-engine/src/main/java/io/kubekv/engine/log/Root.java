package io.kubekv.engine.log;

import io.kubekv.engine.state.State;

/**
 * The state at a position of the log: exactly what the entries up to there have made of it.
 *
 * @param position of the last entry that is in it; 0 before the first
 * @param epoch of that entry
 * @param nonce of that entry
 */
public record Root(State state, long position, long epoch, long nonce) {
  public static final Root EMPTY = new Root(State.EMPTY, 0, 0, 0);
}
