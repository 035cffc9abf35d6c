package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends entries whose time to live has passed, while this process is active. An expiry is a delete
 * of exactly the revision whose time ran out, in turn with the other writes of its key: of a
 * refresh and an expiry, one wins.
 */
final class Expirer {
  private static final Logger log = LoggerFactory.getLogger(Expirer.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** How many expiries are under way together. */
  private static final int TOGETHER = 16;

  /** What is done about a timer. */
  private interface Setting {
    void set(Key key, Revision revision, Duration timeToLive);
  }

  private final Index index;
  private final Writes writes;
  private final RangeDeletes ranges;
  private final Holder holder;
  private final PathOrder order;
  private final Duration patience;
  private final Clocks clocks;
  private final StoreObserver observer;
  private final ExpiryTimers timers;
  private final Semaphore room = new Semaphore(TOGETHER);

  Expirer(
      Index index,
      Writes writes,
      RangeDeletes ranges,
      Holder holder,
      PathOrder order,
      Duration patience,
      Clocks clocks,
      StoreObserver observer) {
    this.index = index;
    this.writes = writes;
    this.ranges = ranges;
    this.holder = holder;
    this.order = order;
    this.patience = patience;
    this.clocks = clocks;
    this.observer = observer;
    this.timers = new ExpiryTimers(clocks, this::due);
  }

  /** Fires timers until closed; blocks. */
  void run() {
    timers.run();
  }

  void close() {
    timers.close();
  }

  /** The watch shows a new revision of a key. Never blocks. */
  void changed(StoredObject object) {
    Optional<Duration> timeToLive = object.isLive() ? object.spec().ttl() : Optional.empty();
    Setting timer = object.spec().cause() == Cause.SESSION_END ? timers::carry : timers::set;
    timeToLive.ifPresentOrElse(
        length -> timer.set(object.key(), object.revision(), length),
        () -> timers.clear(object.key()));
  }

  /** A put is about to be answered: its time to live counts from now. */
  void acknowledged(Key key, Revision revision, Optional<Expiry> expiry) {
    expiry.ifPresent(given -> timers.restart(key, revision, given.timeToLive()));
  }

  /** This process has become active: all times count from now. */
  void restartAll() {
    forEachMortal(timers::set);
  }

  /** The index was read anew: what has not changed meanwhile keeps its time. */
  void relisted() {
    forEachMortal(timers::keep);
  }

  /** Clears nothing: what is gone through may be older than what a timer is for. */
  private void forEachMortal(Setting timer) {
    index
        .snapshot()
        .entries()
        .forEach(
            held -> {
              StoredObject object = held.object();
              object
                  .spec()
                  .ttl()
                  .ifPresent(length -> timer.set(object.key(), object.revision(), length));
              return true;
            });
  }

  private void due(Key key, Revision revision, long since) {
    if (!holder.isActive()) {
      return;
    }
    room.acquireUninterruptibly();
    Threads.start(
        "expiry",
        () -> {
          try {
            expire(key, revision, since);
          } finally {
            room.release();
          }
        });
  }

  private void expire(Key key, Revision revision, long since) {
    Deadline deadline = Deadline.in(patience);
    try (PathOrder.Turn turn = order.tree(key, deadline)) {
      Term term = holder.awaitActive(deadline);
      Optional<Snapshot.Held> held =
          index.snapshot().held(key).filter(now -> now.object().revision().equals(revision));
      if (held.isEmpty()) {
        return;
      }
      if (held.get().entry().isDirectory()) {
        ranges.deleteNow(new Range.WithPrefix(key.below()), Cause.EXPIRE, term, deadline);
      }
      if (writes.mark(held.get(), Cause.EXPIRE, deadline).isPresent()) {
        observer.expired(Duration.ofNanos(clocks.nanoTime() - since));
        return;
      }
    } catch (StoreException failed) {
      log.warn("the expiry of a key is tried again in {}: {}", RETRY, failed.getMessage());
    } catch (RuntimeException bug) {
      log.error("the expiry of a key is tried again in {}", RETRY, bug);
    }
    timers.retry(key, revision, RETRY, since);
  }
}
