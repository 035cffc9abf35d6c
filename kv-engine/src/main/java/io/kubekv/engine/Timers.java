package io.kubekv.engine;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Session;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * What ends when, by the holder's monotonic clock in nanoseconds. Times begin when a change comes
 * back from the log, which is before anybody is told of it, or anew when a holder takes over. For
 * one thread at a time.
 */
final class Timers {
  /** Longer times never end. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private record Timer(long at, long number, Object subject, Request<?> request)
      implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final TreeSet<Timer> inOrder = new TreeSet<>();
  private final Map<Object, Timer> bySubject = new HashMap<>();
  private long numbers;

  /** Starts and stops what a commit says that has come back from the log. */
  void note(Commit commit, long now) {
    for (Change change : commit.changes()) {
      switch (change) {
        case Change.Put put -> start(put.entry(), now);
        case Change.Delete delete -> {
          stop(delete.key());
          delete.below().forEach(this::stop);
        }
        case Change.SessionBegun begun -> renew(begun.session(), now);
        case Change.SessionEnded ended -> stop(ended.id());
        case Change.Delayed delayed ->
            start(new LockDelay(delayed.key(), delayed.delay(), commit.revision()), now);
        case Change.DelayOver over -> {}
        case Change.Founded founded -> {}
      }
    }
  }

  /** Begins anew with all that the state has. */
  void restart(State state, long now) {
    inOrder.clear();
    bySubject.clear();
    state.contents().entries().values().forEach(entry -> start(entry, now));
    state.locks().sessions().values().forEach(session -> renew(session, now));
    state.locks().delays().values().forEach(delay -> start(delay, now));
  }

  /** A session ends when twice its time to live has passed (see the port's {@code Sessions}). */
  void renew(Session session, long now) {
    session
        .spec()
        .timeToLive()
        .ifPresent(
            length ->
                start(
                    session.id(),
                    new Request.EndSession(session.id()),
                    length.compareTo(LONGEST) < 0 ? length.multipliedBy(2) : LONGEST,
                    now));
  }

  private void start(Entry entry, long now) {
    Key key = entry.key();
    stop(key);
    entry
        .expiry()
        .ifPresent(
            expiry ->
                start(
                    key,
                    new Request.ExpireEntry(key, entry.modifyRevision()),
                    expiry.timeToLive(),
                    now));
  }

  private void start(LockDelay delay, long now) {
    start(delay, new Request.EndDelay(delay), delay.whole(), now);
  }

  private void start(Object subject, Request<?> request, Duration length, long now) {
    stop(subject);
    if (length.compareTo(LONGEST) < 0) {
      Timer timer = new Timer(now + length.toNanos(), numbers++, subject, request);
      inOrder.add(timer);
      bySubject.put(subject, timer);
    }
  }

  private void stop(Object subject) {
    Timer timer = bySubject.remove(subject);
    if (timer != null) {
      inOrder.remove(timer);
    }
  }

  /** Takes out the first that is due. */
  Optional<Request<?>> due(long now) {
    if (inOrder.isEmpty() || inOrder.first().at() > now) {
      return Optional.empty();
    }
    Timer first = inOrder.first();
    stop(first.subject());
    return Optional.of(first.request());
  }

  /** When the next is due. */
  OptionalLong next() {
    return inOrder.isEmpty() ? OptionalLong.empty() : OptionalLong.of(inOrder.first().at());
  }

  /** How much of a delay is left; the whole when it has not come back from the log yet. */
  Duration left(LockDelay delay, long now) {
    Timer timer = bySubject.get(delay);
    return timer == null ? delay.whole() : Duration.ofNanos(timer.at() - now);
  }
}
