package io.kubekv.engine;

import io.kubekv.engine.log.Lease;

/** Where a replica is with its log. */
sealed interface Phase {
  /** Why nothing is served, in words for an operator; empty when it is. */
  String reason();

  /** The log has not been read. */
  record Opening(String reason) implements Phase {}

  /** Applies what others write. */
  record Following(String reason) implements Phase {}

  /** Has the lease, and waits for the first entry of its own to come back. */
  record TakingOver(Lease.Term term) implements Phase {
    @Override
    public String reason() {
      return "this replica has the lease and is taking over the log";
    }
  }

  /** Has the log, and writes in this epoch. */
  record Serving(Lease.Term term, long epoch) implements Phase {
    @Override
    public String reason() {
      return "";
    }
  }

  /** For good. */
  record Stopped(String reason) implements Phase {}
}
