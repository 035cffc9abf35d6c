package io.kubekv.grpc;

import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.util.Optional;

/** What a lock knows of its key, and the puts that follow from it. Not thread-safe. */
final class KnownKey {
  private final Key key;
  private Optional<Entry> entry = Optional.empty();
  private Revision revision = Revision.ZERO;

  KnownKey(Key key) {
    this.key = key;
  }

  /** The entry, as of {@link #revision}. */
  Optional<Entry> entry() {
    return entry;
  }

  Revision revision() {
    return revision;
  }

  /** The key's entry, or that it has none, as of a revision. */
  void is(Optional<Entry> now, Revision at) {
    entry = now;
    revision = Revision.max(revision, at);
  }

  boolean isDirectory() {
    return entry.filter(Entry::isDirectory).isPresent();
  }

  /** Whether another session is known to have acquired the key. */
  boolean isOfOtherThan(SessionId session) {
    return entry
        .flatMap(known -> known.lock().holder())
        .filter(holder -> !holder.equals(session))
        .isPresent();
  }

  Refused refusal(Refused.Reason reason) {
    return new Refused(reason, entry, revision);
  }

  /**
   * A put for a lock: with the value that the one who acquires wants, or with the one that is
   * there, if it is still there. As long as nothing is known of the key, only if it has no entry:
   * it may be a directory, which a value would replace.
   */
  PutRequest request(LockWaiter.Wish wish, Locking locking) {
    boolean frees = locking instanceof Locking.Release;
    return wish.value()
        .filter(value -> !frees)
        .map(value -> wanted(value, wish.flags()))
        .or(() -> entry.map(KnownKey::same))
        .orElseGet(() -> PutRequest.of(key, Bytes.EMPTY).withPrecondition(Precondition.ABSENT))
        .withLocking(locking)
        .withAttachment(Attachment.KEEP);
  }

  private PutRequest wanted(Bytes value, long flags) {
    PutRequest put = PutRequest.of(key, value).withFlags(flags);
    return revision.equals(Revision.ZERO) ? put.withPrecondition(Precondition.ABSENT) : put;
  }

  private static PutRequest same(Entry known) {
    PutRequest same =
        PutRequest.of(known.key(), known.value())
            .withFlags(known.flags())
            .withPrecondition(new Precondition.RevisionIs(known.modifyRevision()));
    return known.expiry().map(Expiry::timeToLive).map(same::withTimeToLive).orElse(same);
  }
}
