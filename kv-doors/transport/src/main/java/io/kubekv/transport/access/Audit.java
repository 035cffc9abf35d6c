package io.kubekv.transport.access;

import io.kubekv.Revision;
import java.util.Optional;

/** Where it is written down who changed what, and who was refused. Thread-safe. */
public interface Audit {
  /** Writes nothing down. */
  Audit NONE = (user, verb, what, outcome, revision) -> {};

  /** What became of a request. */
  enum Outcome {
    /** It was done. */
    DONE,
    /** The store's state forbade it. */
    REFUSED,
    /** The user may not. */
    DENIED,
    /** It failed, and may have been done. */
    FAILED
  }

  /**
   * Writes one request down; never a value. Must be short: event loops call it.
   *
   * @param what the path that stands for the keys
   * @param revision of the change, where there was one
   */
  void write(User user, Verb verb, String what, Outcome outcome, Optional<Revision> revision);
}
