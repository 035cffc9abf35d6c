package io.kubekv;

/** How recent the state must be that a read is answered from. */
public sealed interface Freshness {
  /** At least every change that was acknowledged before the call, by anyone. */
  record Linearizable() implements Freshness {}

  /** At least the state at a revision the caller has seen; waits for it, within bounds. */
  record AtLeast(Revision revision) implements Freshness {}

  /**
   * The state as it stood at a revision, while the history reaches back to it; a {@link
   * CompactedException} otherwise, and a {@link FutureRevisionException} before it has come. The
   * answer never changes.
   */
  record At(Revision revision) implements Freshness {}

  /** Whatever this replica has; may be arbitrarily old, never goes back within one store object. */
  record Stale() implements Freshness {}

  Freshness LINEARIZABLE = new Linearizable();
  Freshness STALE = new Stale();
}
