package io.kubekv.transport.access;

import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import java.util.Optional;

/** What one client may do with a store. Thread-safe. */
public interface Access {
  /** Everything: where nobody is asked who they are. */
  @SuppressWarnings("ClassInitializationDeadlock") // nobody else makes it
  Access ALL = new Unlimited();

  /** A right that is looked after as long as it is used, until it is closed. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /** The name of the client; empty where nobody is asked who they are. */
  String user();

  /**
   * Returns when it is allowed. May block.
   *
   * @throws LimitExceededException when no key of the store can be so; nobody is asked then
   * @throws PermissionDeniedException when it is not
   * @throws UnavailableException when that cannot be decided now
   */
  void require(Verb verb, Range range);

  /** Whether it is allowed; false also when that cannot be decided now. May block. */
  boolean allows(Verb verb, Range range);

  /** Whether it is known to be allowed. Never blocks; false also when it must be asked for. */
  boolean isKnown(Verb verb, Range range);

  /** As {@link #require}, for the store's sessions, which are granted all together. */
  void requireSessions(Verb verb);

  /** As {@link #isKnown}, for the store's sessions. */
  boolean isKnownOfSessions(Verb verb);

  /** As {@link #require}, for what replicas tell each other. */
  void requireReplica();

  /** Whether that is allowed; false also when it cannot be decided now. May block. */
  boolean isReplica();

  /** Whether that is known to be allowed. Never blocks. */
  boolean isKnownReplica();

  /**
   * Looks again from time to time whether something is still allowed; as for {@link
   * #requireChange}, the right to read is looked at, too.
   *
   * @param revoked told once when it no longer is, on another thread; must not block
   */
  Hold hold(Verb verb, Range range, Runnable revoked);

  /**
   * Keeps in mind what became of a change. Never blocks for long.
   *
   * @param revision of the change, where there was one
   */
  void done(Verb verb, Range range, Audit.Outcome outcome, Optional<Revision> revision);

  /** The same when the history of the store was to be forgotten. */
  void compacted(Audit.Outcome outcome);

  /**
   * The same for what the server looks up by itself, to word an answer: what is not allowed is
   * denied, but neither counted nor written down, because the client did not ask for it.
   */
  default Access unrecorded() {
    return this;
  }

  /** As {@link #isKnown}, for a key. */
  default boolean isKnown(Verb verb, Key key) {
    return isKnown(verb, new Range.Exact(key));
  }

  /**
   * As {@link #require}, for a change, which needs the right to read, too: its answer tells what
   * was there.
   */
  default void requireChange(Verb verb, Range range) {
    require(verb, range);
    require(Verb.GET, range);
  }

  /** As {@link #require}, for a key. */
  default void require(Verb verb, Key key) {
    require(verb, new Range.Exact(key));
  }
}
