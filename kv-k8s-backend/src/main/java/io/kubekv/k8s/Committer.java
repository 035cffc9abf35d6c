package io.kubekv.k8s;

import io.kubekv.Key;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Commits changes and yields their revisions. It is the only class to know how many API calls a
 * change takes, and what lies in one object.
 */
interface Committer {
  /**
   * A change of one object: new content for the state that the caller has decided on.
   *
   * @param base the object as it stands; absent when there is none
   * @param next its new content; the write id in it names {@code base}
   */
  record Change(Optional<StoredObject> base, ObjectSpec next) {
    public Change {
      if (next.writeId().isEmpty()) {
        throw new IllegalArgumentException("a change without a write id cannot be recognised");
      }
    }

    Key key() {
      return next.key();
    }

    WriteId writeId() {
      return next.writeId().orElseThrow();
    }
  }

  /** What became of a change. */
  sealed interface Outcome {
    /** It happened; the index holds it, as this object. */
    record Committed(StoredObject object) implements Outcome {}

    /** It did not happen and never will: the index shows another state than the one it was for. */
    record Overtaken() implements Outcome {}
  }

  /**
   * Commits a change; blocks until the index shows what became of it.
   *
   * @throws io.kubekv.UnavailableException when nothing was applied, or the thread was interrupted
   *     before anything was sent
   * @throws io.kubekv.OverloadedException when the API asks for less, and nothing was applied
   * @throws io.kubekv.QuarantinedException when the object's place is taken by one that is not ours
   * @throws io.kubekv.OutcomeUnknownException when it may have been applied, now or later
   */
  Outcome commit(Change change, Deadline deadline);

  /**
   * Begins to commit a change. Never blocks: empty when it would have to wait, or be refused; then
   * nothing was done.
   *
   * @return completed by a thread that must not be held up, with what {@link #commit} returns or
   *     throws
   */
  default Optional<CompletableFuture<Outcome>> begin(Change change, Deadline deadline) {
    return Optional.empty();
  }
}
