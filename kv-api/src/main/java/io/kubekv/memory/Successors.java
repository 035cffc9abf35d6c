package io.kubekv.memory;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.LockRules;
import io.kubekv.LockState;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** The entries that changes make of those before them. */
final class Successors {
  private final InstantSource clock;

  /**
   * @param clock wall clock time, for display
   */
  Successors(InstantSource clock) {
    this.clock = clock;
  }

  /** The entry that a put makes in the change of this revision. */
  Entry put(PutRequest request, Optional<Entry> current, Revision at) {
    Optional<Entry> kept = request.mode() == PutMode.REPLACE ? Optional.empty() : current;
    boolean refresh = request.mode() == PutMode.REFRESH;
    boolean keepsKind = refresh || request.layout() == Layout.TREE;
    return new Entry(
        request.key(),
        kept.filter(entry -> keepsKind).map(Entry::kind).orElse(request.kind()),
        kept.filter(entry -> refresh).map(Entry::value).orElse(request.value()),
        kept.filter(entry -> refresh).map(Entry::flags).orElse(request.flags()),
        kept.map(Entry::createRevision).orElse(at),
        at,
        kept.map(Entry::version).orElse(0L) + 1,
        request.timeToLive().map(this::expiry),
        LockRules.after(request, current.map(Entry::lock).orElse(LockState.NONE), Optional.of(at)));
  }

  /** The entry when the session that held it has ended. */
  Entry released(Entry entry, Revision at) {
    return new Entry(
        entry.key(),
        entry.kind(),
        entry.value(),
        entry.flags(),
        entry.createRevision(),
        at,
        entry.version() + 1,
        entry.expiry(),
        entry.lock().released());
  }

  /** A directory that an entry below it needs. */
  Entry directory(Key key, Revision at) {
    return new Entry(
        key, Kind.DIRECTORY, Bytes.EMPTY, 0, at, at, 1, Optional.empty(), LockState.NONE);
  }

  private Expiry expiry(Duration timeToLive) {
    Duration bounded = timeToLive.compareTo(Deadlines.LONGEST) < 0 ? timeToLive : Deadlines.LONGEST;
    return new Expiry(timeToLive, clock.instant().plus(bounded));
  }
}
