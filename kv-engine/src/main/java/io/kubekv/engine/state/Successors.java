package io.kubekv.engine.state;

import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.LockRules;
import io.kubekv.LockState;
import io.kubekv.Metadata;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The entries that changes make of those before them. */
final class Successors {
  /** No instant is shown that is further away. */
  private static final Duration FURTHEST = Duration.ofDays(36_500);

  private Successors() {}

  /**
   * The entry that a put makes.
   *
   * @param puts how often the key counts as put where it has no entry
   */
  static Entry put(PutRequest request, Optional<Entry> current, long puts, Draft draft) {
    Revision at = draft.next();
    Optional<Entry> kept = request.mode() == PutMode.REPLACE ? Optional.empty() : current;
    boolean refresh = request.mode() == PutMode.REFRESH;
    boolean keepsKind = refresh || request.layout() == Layout.TREE;
    Kind kind = kept.filter(entry -> keepsKind).map(Entry::kind).orElse(request.kind());
    return new Entry(
        request.key(),
        kind,
        kept.filter(entry -> refresh).map(Entry::value).orElse(request.value()),
        kept.filter(entry -> refresh).map(Entry::flags).orElse(request.flags()),
        kept.map(Entry::createRevision).orElse(at),
        at,
        current.map(Entry::version).orElse(puts) + 1,
        request.timeToLive().map(length -> expiry(length, draft.wall())),
        LockRules.after(request, current.map(Entry::lock).orElse(LockState.NONE), Optional.of(at)),
        kind == Kind.DIRECTORY ? Optional.empty() : attachedTo(request, current),
        current.map(Entry::metadata).orElseGet(() -> Metadata.of(request.metadata())),
        draft.times(kept));
  }

  private static Optional<SessionId> attachedTo(PutRequest request, Optional<Entry> current) {
    Optional<SessionId> before = current.flatMap(Entry::attachedTo);
    return switch (request.attachment()) {
      case Attachment.Detach detach ->
          request.mode() == PutMode.REFRESH ? before : Optional.empty();
      case Attachment.Keep keep -> before;
      case Attachment.To to -> Optional.of(to.session());
    };
  }

  /** The entry when the session that held it has ended. */
  static Entry released(Entry entry, Draft draft) {
    return new Entry(
        entry.key(),
        entry.kind(),
        entry.value(),
        entry.flags(),
        entry.createRevision(),
        draft.next(),
        entry.version() + 1,
        entry.expiry(),
        entry.lock().released(),
        entry.attachedTo(),
        entry.metadata(),
        draft.times(Optional.of(entry)));
  }

  /** A directory that an entry below it needs. */
  static Entry directory(Key key, Draft draft) {
    return new Entry(
        key,
        Kind.DIRECTORY,
        Bytes.EMPTY,
        0,
        draft.next(),
        draft.next(),
        1,
        Optional.empty(),
        LockState.NONE,
        Optional.empty(),
        Metadata.NONE,
        draft.times(Optional.empty()));
  }

  private static Expiry expiry(Duration timeToLive, Instant wall) {
    Duration bounded = timeToLive.compareTo(FURTHEST) < 0 ? timeToLive : FURTHEST;
    return new Expiry(timeToLive, wall.plus(bounded));
  }
}
