package io.kubekv.engine.history;

import io.kubekv.Entry;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.engine.state.Effect;
import io.kubekv.engine.state.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last revisions of the store with their events and states, bounded by the bytes that they hold
 * on to and forgotten by the {@link Page}, and the watches over them. A watch is a cursor with no
 * queue: a slow one costs nothing, and finds out that it is too late. The newest revision is kept
 * whatever its size.
 *
 * <p>One thread adds; any thread reads and watches. The lock is held only to add one step and to go
 * to sleep, never while events are searched.
 */
public final class History {
  private final Pages pages;
  private final ReentrantLock lock = new ReentrantLock();
  private final WatcherIndex waiting = new WatcherIndex();
  private volatile State last = State.EMPTY;
  private volatile Revision remembered = new Revision(1);
  private volatile Revision base = Revision.ZERO;
  private volatile int restarts;
  private volatile Optional<String> closed = Optional.empty();

  /**
   * @param maxBytes how much memory the history may hold on to
   */
  public History(long maxBytes) {
    this.pages = new Pages(maxBytes);
  }

  /** The first revision that a watch can begin at: none is missing, and none was compacted. */
  public Revision oldest() {
    return Revision.max(remembered, last.compacted());
  }

  /** The first revision from which none is missing. Watches that have begun go on from there. */
  Revision remembered() {
    return remembered;
  }

  /** The state that the newest revision left. */
  State last() {
    return last;
  }

  /** The pages with the steps at or after a revision, in order, with some before it; a view. */
  Collection<Page> from(Revision first) {
    return pages.from(first);
  }

  /** Why no more comes, once nothing does. */
  Optional<String> closed() {
    return closed;
  }

  /**
   * The state as it stood at a revision; empty when that has not come, or is before the history, or
   * before {@link #base}. Of what happens without a revision of its own (clocks, ends of lock
   * delays) it has some, and not all.
   */
  public Optional<State> at(Revision revision) {
    State now = last;
    if (revision.equals(now.revision())) {
      return Optional.of(now);
    }
    return revision.isBefore(oldest())
            || !revision.isAfter(base)
            || revision.isAfter(now.revision())
        ? Optional.empty()
        : pages.at(revision);
  }

  /** The first revision whose state is known; see {@link #at}. */
  public Revision oldestState() {
    Revision first = Revision.max(oldest(), base.next());
    Revision now = last.revision();
    return first.isAfter(now) ? now : first;
  }

  /** Adds what was done next, and wakes the watches that it concerns. */
  public void add(Effect effect) {
    List<HistoryWatch> concerned = new ArrayList<>(0);
    lock.lock();
    try {
      if (effect.after().revision().isAfter(last.revision())) {
        pages.add(new Step(effect.commit(), effect.events()), last);
        pages.needed().ifPresent(this::forgetBefore);
      }
      last = effect.after();
      effect.events().forEach(event -> waiting.take(event, concerned));
      concerned.forEach(watch -> watch.skipTo(last.revision()));
    } finally {
      lock.unlock();
    }
    concerned.forEach(HistoryWatch::wake);
  }

  /** In this order: who finds steps missing is to find out why. */
  private void forgetBefore(Revision first) {
    remembered = first;
    pages.forgetBefore(first);
  }

  /**
   * Forgets what happened before a revision, and what stood before it.
   *
   * @param first nothing more is forgotten than there is
   */
  void forget(Revision first) {
    lock.lock();
    try {
      Revision next = last.revision().next();
      Revision from = first.isAfter(next) ? next : first;
      if (from.isAfter(remembered)) {
        forgetBefore(from);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Goes on at a state that no step leads to: what was before is forgotten. */
  public void restart(State state) {
    List<HistoryWatch> all;
    lock.lock();
    try {
      remembered = state.revision().next();
      base = state.revision();
      int before = restarts;
      restarts = before + 1;
      pages.clear();
      all = waiting.takeAll();
      all.forEach(watch -> watch.skipTo(last.revision().next()));
      last = state;
    } finally {
      lock.unlock();
    }
    all.forEach(HistoryWatch::wake);
  }

  /** The revision of the state that the history went on at the last time; at first zero. */
  public Revision base() {
    return base;
  }

  /** How often it has gone on at a state that no step led to: what is known of before is over. */
  int restarts() {
    return restarts;
  }

  /**
   * Adds what another replica remembers of the time before {@link #base}, as much of it as there is
   * room for, the newest first. Watches see it; what stood at those revisions stays unknown.
   * Nothing happens when the history goes on from another base by now, or has forgotten what came
   * after it.
   *
   * @param since the base for which it was asked
   * @param first the first revision from which no change is missing
   * @param earlier every change from there to the base, in order
   */
  public void backfill(Revision since, Revision first, List<WatchEvent> earlier) {
    lock.lock();
    try {
      if (since.equals(base) && remembered.equals(base.next()) && !first.isAfter(base)) {
        remembered = prepend(first, Step.allOf(earlier));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The first revision from which none is missing now. */
  private Revision prepend(Revision first, List<Step> earlier) {
    int missing = pages.addEarlier(earlier);
    return missing == 0 ? first : earlier.get(missing - 1).revision().next();
  }

  /** Begins a watch. */
  public Watch watch(WatchRequest request) {
    lock.lock();
    try {
      return new HistoryWatch(this, request);
    } finally {
      lock.unlock();
    }
  }

  /** Ends all watches. May be repeated. */
  public void close(String reason) {
    List<HistoryWatch> all;
    lock.lock();
    try {
      closed = Optional.of(reason);
      all = waiting.takeAll();
    } finally {
      lock.unlock();
    }
    all.forEach(HistoryWatch::wake);
  }

  /** Registers a watch that has seen everything up to {@code seen}; false when there is more. */
  boolean await(HistoryWatch watch, Revision seen) {
    lock.lock();
    try {
      boolean nothingNew = closed.isEmpty() && last.revision().equals(seen);
      if (nothingNew) {
        waiting.add(watch);
      }
      return nothingNew;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back {@link #await}; a watch that was not woken has missed nothing. */
  void stopWaiting(HistoryWatch watch) {
    lock.lock();
    try {
      if (waiting.remove(watch)) {
        watch.skipTo(last.revision().next());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether a watch is registered by {@link #await}. */
  boolean isWaiting(HistoryWatch watch) {
    lock.lock();
    try {
      return waiting.has(watch);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a watch of {@code range} gets {@code event}. */
  static boolean concerns(Range range, WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> range.contains(put.entry().key());
      case WatchEvent.Delete delete ->
          range.contains(delete.previous().key())
              || delete.below().stream().anyMatch(entry -> range.contains(entry.key()));
      case WatchEvent.Progress progress -> true;
      case WatchEvent.HistoryGone gone -> true;
    };
  }

  /** A value that stands and was last changed before {@code from} has had no event since. */
  static boolean unchangedSince(Range range, Revision from, State now) {
    return range instanceof Range.Exact exact
        && now.get(exact.key())
            .filter((Entry entry) -> !entry.isDirectory())
            .filter(entry -> entry.modifyRevision().isBefore(from))
            .isPresent();
  }
}
