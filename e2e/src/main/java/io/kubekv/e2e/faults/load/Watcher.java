package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.Sight;
import io.kubekv.e2e.faults.history.WatchSeen;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a watching client has in common whatever it speaks: it begins at a list, goes on at another
 * replica after the last revision that it saw, and begins anew when it is told of a gap.
 */
abstract class Watcher implements Follower {
  private static final long NEVER = Long.MAX_VALUE;

  private final String name;
  private final String prefix;
  private final History history;
  private final Pace pace;
  private final AtomicLong end = new AtomicLong(NEVER);
  private volatile long last = -1;
  private volatile boolean ended;

  /**
   * @param pace gives up at its end
   */
  Watcher(String name, String prefix, History history, Pace pace) {
    this.name = name;
    this.prefix = prefix;
    this.history = history;
    this.pace = pace;
  }

  /** The revision at which the whole prefix stands; negative when there is no answer. */
  abstract long begin();

  /** Sees what comes next after a revision, for some seconds at most. */
  abstract void follow(long after);

  /** Goes elsewhere. */
  abstract void move();

  abstract String replica();

  abstract void close();

  @Override
  public final boolean watches(String wanted) {
    return hasBegun() && prefix.equals(wanted);
  }

  @Override
  public final void endAt(long revision) {
    end.set(revision);
  }

  /** Whether it knows from where it watches. */
  final boolean hasBegun() {
    return last >= 0;
  }

  @Override
  public final boolean hasEnded() {
    return ended;
  }

  /** Whether there is nothing more to see. */
  final boolean isDone() {
    return last >= end.get() || pace.isOver();
  }

  @Override
  public final String name() {
    return name;
  }

  final String prefix() {
    return prefix;
  }

  @Override
  public final void run() {
    while (!ended && !pace.isOver()) {
      if (last < 0) {
        last = begin();
        if (last >= 0) {
          note(WatchSeen.Kind.STARTED, "", "", last, Sight.NONE);
        } else {
          letDown();
        }
      } else {
        follow(last);
      }
      if (last >= end.get() && !ended) {
        note(WatchSeen.Kind.ENDED, "", "", last, Sight.NONE);
        ended = true;
      }
    }
    close();
  }

  /** After a failure: goes elsewhere, not too fast. */
  final void letDown() {
    move();
    Pace.pause(50);
  }

  final void put(String key, String value, long revision, Sight before) {
    note(WatchSeen.Kind.PUT, key, value, revision, before);
    last = revision;
  }

  final void deleted(String key, long revision, Sight before) {
    note(WatchSeen.Kind.DELETED, key, "", revision, before);
    last = revision;
  }

  /**
   * There is a gap.
   *
   * @param kind {@link WatchSeen.Kind#GONE} or {@link WatchSeen.Kind#CLEARED}
   */
  final void gap(WatchSeen.Kind kind) {
    note(kind, "", "", last, Sight.NONE);
    last = -1;
  }

  /** Nothing up to a revision is still to come. */
  final void skipTo(long revision) {
    last = Math.max(last, revision);
  }

  private void note(WatchSeen.Kind kind, String key, String value, long revision, Sight before) {
    history.add(
        new WatchSeen(
            name, replica(), System.nanoTime(), kind, prefix, key, value, revision, before));
  }
}
