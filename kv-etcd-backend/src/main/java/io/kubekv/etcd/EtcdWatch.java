package io.kubekv.etcd;

import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Lookup;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A cursor over the history of this process, and over that of etcd where it stands before it. It
 * has no queue of its own, and a slow one holds nobody up: it falls behind, and reads on from etcd.
 */
final class EtcdWatch implements Watch {
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final Index index;
  private final Function<Revision, Replay> replays;
  private final Function<Key, Lookup> lookup;
  private final Floor floor;
  private final Range range;
  private final Revision start;
  private final Revision replayedTo;
  private final int restorations;

  /** The revision from which events are wanted, and how many at it were delivered before. */
  private Revision next;

  private int delivered;
  private int skipped;
  private long number;
  private boolean progressDue = true;
  private Optional<WatchEvent> heldBack = Optional.empty();
  private volatile Optional<Replay> replay = Optional.empty();
  private volatile boolean ended;

  /**
   * Begins; within {@link Index#read}.
   *
   * @param first the first revision of which events are wanted
   * @param start what the watch says it starts at
   * @param replayedTo up to where events are known now
   * @param replays makes a replay from a revision to the index's
   * @param lookup a linearizable {@link io.kubekv.KeyValueStore#get}, as {@link Freshness} has it
   */
  EtcdWatch(
      Index index,
      Function<Revision, Replay> replays,
      Function<Key, Lookup> lookup,
      Floor floor,
      Range range,
      Revision first,
      Revision start,
      Revision replayedTo) {
    this.index = index;
    this.replays = replays;
    this.lookup = lookup;
    this.floor = floor;
    this.range = range;
    this.next = first;
    this.start = start;
    this.replayedTo = replayedTo;
    this.restorations = index.restorations();
    this.number = find();
  }

  /** The number of the first wanted event; -1 when only etcd has it. */
  private long find() {
    return next.isBefore(index.history().oldest()) ? -1 : index.history().numberFrom(next);
  }

  @Override
  public Revision start() {
    return start;
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    Deadline deadline = Deadline.in(atMost.compareTo(FOREVER) < 0 ? atMost : FOREVER);
    while (!ended) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (index.isClosed()) {
        throw new UnavailableException("the store is closed");
      }
      Optional<WatchEvent> event =
          replay.isPresent() ? replayed(replay.get(), deadline) : index.read(this::poll);
      if (event.isPresent() || deadline.passed()) {
        return event;
      }
      if (replay.isEmpty()) {
        index.await(() -> ended || hasMore(), deadline);
      }
    }
    return Optional.empty();
  }

  private boolean hasMore() {
    return progressDue
        || replay.isPresent()
        || index.restorations() != restorations
        || number < index.history().end();
  }

  /** The next event that is known here; within {@link Index#read}. */
  private Optional<WatchEvent> poll() {
    if (index.restorations() != restorations) {
      return gone(index.history().oldest());
    }
    while (number >= 0 && !index.history().hasForgotten(number)) {
      Optional<History.Numbered> found = index.history().find(number, range);
      if (found.isEmpty()) {
        number = index.history().end();
        advance(index.revision().next());
        return progress();
      }
      Revision at = found.get().event().revision();
      if (progressDue && at.isAfter(replayedTo)) {
        return progress();
      }
      number = found.get().number() + 1;
      if (!at.isBefore(next)) {
        deliver(at);
        return Optional.of(found.get().event());
      }
    }
    replay = Optional.of(replays.apply(next));
    return Optional.empty();
  }

  private void deliver(Revision at) {
    delivered = at.equals(next) ? delivered + 1 : 1;
    next = at;
  }

  private void advance(Revision to) {
    if (to.isAfter(next)) {
      next = to;
      delivered = 0;
    }
  }

  private Optional<WatchEvent> progress() {
    if (!progressDue) {
      return Optional.empty();
    }
    progressDue = false;
    return Optional.of(new WatchEvent.Progress(replayedTo));
  }

  private Optional<WatchEvent> gone(Revision usable) {
    ended = true;
    return Optional.of(new WatchEvent.HistoryGone(usable));
  }

  private Optional<WatchEvent> replayed(Replay from, Deadline deadline)
      throws InterruptedException {
    if (heldBack.isPresent()) {
      WatchEvent event = heldBack.get();
      heldBack = Optional.empty();
      return wanted(event);
    }
    Replay.Step step = from.step(Duration.ofNanos(Math.max(0, deadline.left())));
    return switch (step) {
      case Replay.Found found -> wanted(found.event());
      case Replay.NotYet notYet -> Optional.empty();
      case Replay.Done done -> {
        resume(from.last().next());
        yield Optional.empty();
      }
      case Replay.Gone lost -> lost();
    };
  }

  private Optional<WatchEvent> wanted(WatchEvent event) {
    if (!History.concerns(range, event)) {
      return Optional.empty();
    }
    if (event.revision().equals(next) && skipped < delivered) {
      skipped++;
      return Optional.empty();
    }
    if (progressDue && event.revision().isAfter(replayedTo)) {
      heldBack = Optional.of(event);
      return progress();
    }
    deliver(event.revision());
    skipped = delivered;
    return Optional.of(event);
  }

  private void resume(Revision from) {
    replay.ifPresent(Replay::close);
    replay = Optional.empty();
    skipped = 0;
    advance(from);
    number = index.read(this::find);
  }

  /** A value that stands and was last changed before the cursor has had no event since. */
  private Optional<WatchEvent> lost() {
    if (range instanceof Range.Exact exact) {
      Lookup now = lookup.apply(exact.key());
      boolean nothingHappened =
          now.entry()
              .filter(entry -> !entry.isDirectory() && entry.modifyRevision().isBefore(next))
              .isPresent();
      if (nothingHappened) {
        resume(now.revision().next());
        return Optional.empty();
      }
    }
    replay.ifPresent(Replay::close);
    return gone(floor.oldest());
  }

  @Override
  public void close() {
    ended = true;
    replay.ifPresent(Replay::close);
    index.wake();
  }
}
