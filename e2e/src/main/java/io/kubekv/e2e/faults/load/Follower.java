package io.kubekv.e2e.faults.load;

/** A client that watches until it has seen a revision. */
interface Follower extends Runnable {
  String name();

  /** Whether it waits for changes of all that a prefix has, and of nothing else. */
  boolean watches(String prefix);

  /** Ends when everything up to a revision has been seen. */
  void endAt(long revision);

  /** Whether it has seen what it was to see. */
  boolean hasEnded();
}
