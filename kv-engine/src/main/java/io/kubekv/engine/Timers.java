package io.kubekv.engine;

import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Clocks;
import io.kubekv.engine.state.Commit;
import io.kubekv.engine.state.LockDelay;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What ends when, by the holder's monotonic clock in nanoseconds. Times begin when a change comes
 * back from the log, which is before anybody is told of it; a new holder begins with what the log
 * says is left. For one thread at a time.
 */
final class Timers {
  /** Longer times never end. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /**
   * @param whole the time to live that is recorded in the log; 0 for none
   * @param idleFrom when a session counts as not renewed for long
   */
  private record Timer(
      long at, long number, Object subject, Request<?> request, long whole, long idleFrom)
      implements Comparable<Timer> {
    Timer in(Duration left) {
      return new Timer(at + left.toNanos(), number, subject, request, whole, idleFrom);
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final TreeSet<Timer> inOrder = new TreeSet<>();
  private final Map<Object, Timer> bySubject = new HashMap<>();
  private final Map<SessionId, Timer> sessions = new HashMap<>();
  private final TreeMap<Long, Integer> wholes = new TreeMap<>();
  private long numbers;

  /** Starts and stops what a commit says that has come back from the log. */
  void note(Commit commit, long now) {
    for (Change change : commit.changes()) {
      switch (change) {
        case Change.Put put -> start(put.entry(), now);
        case Change.MetadataSet set -> {}
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
        case Change.TimePassed passed -> {}
        case Change.Renewed renewed -> {}
        case Change.Compacted compacted -> {}
        case Change.SwitchedOn on -> {}
      }
    }
  }

  /** Goes on with what the log says is left; lock delays begin anew. */
  void restart(State state, long now) {
    inOrder.clear();
    bySubject.clear();
    sessions.clear();
    wholes.clear();
    Clocks clocks = state.clocks();
    for (Entry entry : state.contents().entries().values()) {
      entry.expiry().ifPresent(expiry -> start(entry, expiry, clocks.left(entry, expiry), now));
    }
    state.locks().sessions().values().forEach(session -> goOn(session, clocks, now));
    state.locks().delays().values().forEach(delay -> start(delay, now));
  }

  /** Of a session of which nothing is recorded, the holder before may have heard just now. */
  private void goOn(Session session, Clocks clocks, long now) {
    Optional<Duration> recorded = clocks.left(session.id());
    session
        .spec()
        .timeToLive()
        .map(Timers::nanos)
        .ifPresent(
            whole -> {
              Duration left = recorded.orElse(lifetime(session, whole));
              start(session, whole, left, now, StoreClock.interval(whole));
            });
  }

  private static Duration lifetime(Session session, long whole) {
    return Duration.ofNanos(session.spec().span().times() * whole);
  }

  /**
   * A session ends when its time to live, or twice that, has passed (see the port's {@code
   * Sessions}). Who renews it when half its time to live has passed, renews it in time.
   */
  void renew(Session session, long now) {
    session
        .spec()
        .timeToLive()
        .map(Timers::nanos)
        .ifPresent(
            whole -> {
              long idleAfter = whole / 2 + StoreClock.interval(whole);
              start(session, whole, lifetime(session, whole), now, idleAfter);
            });
  }

  private void start(Session session, long whole, Duration left, long now, long idleAfter) {
    SessionId id = session.id();
    Request<?> request = new Request.EndSession(id);
    start(left, new Timer(now, numbers++, id, request, whole, now + idleAfter));
    Timer started = bySubject.get(id);
    if (started != null) {
      sessions.put(id, started);
    }
  }

  private void start(Entry entry, long now) {
    stop(entry.key());
    entry.expiry().ifPresent(expiry -> start(entry, expiry, expiry.timeToLive(), now));
  }

  private void start(Entry entry, Expiry expiry, Duration left, long now) {
    Request<?> request = new Request.ExpireEntry(entry.key(), entry.modifyRevision());
    start(left, new Timer(now, numbers++, entry.key(), request, nanos(expiry.timeToLive()), 0));
  }

  private void start(LockDelay delay, long now) {
    start(delay.whole(), new Timer(now, numbers++, delay, new Request.EndDelay(delay), 0, 0));
  }

  private static long nanos(Duration length) {
    return length.compareTo(LONGEST) < 0 ? length.toNanos() : LONGEST.toNanos();
  }

  private void start(Duration left, Timer timer) {
    stop(timer.subject());
    if (left.compareTo(LONGEST) < 0) {
      Timer started = timer.in(left);
      inOrder.add(started);
      bySubject.put(started.subject(), started);
      if (started.whole() > 0) {
        wholes.merge(started.whole(), 1, Integer::sum);
      }
    }
  }

  private void stop(Object subject) {
    Timer timer = bySubject.remove(subject);
    if (timer != null) {
      inOrder.remove(timer);
      sessions.remove(subject);
      int others = wholes.getOrDefault(timer.whole(), 0) - 1;
      if (others > 0) {
        wholes.put(timer.whole(), others);
      } else {
        wholes.remove(timer.whole());
      }
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

  /** The shortest of the times to live that run. */
  OptionalLong shortest() {
    return wholes.isEmpty() ? OptionalLong.empty() : OptionalLong.of(wholes.firstKey());
  }

  /** Sessions that were not renewed for long. */
  Stream<SessionId> idle(long now) {
    return sessions.entrySet().stream()
        .filter(session -> session.getValue().idleFrom() <= now)
        .map(Map.Entry::getKey);
  }

  /** How much is left of a session of {@link #idle}. */
  long left(SessionId id, long now) {
    Timer timer = sessions.get(id);
    return timer == null ? 0 : timer.at() - now;
  }

  /** How much of a delay is left; the whole when it has not come back from the log yet. */
  Duration left(LockDelay delay, long now) {
    Timer timer = bySubject.get(delay);
    return timer == null ? delay.whole() : Duration.ofNanos(timer.at() - now);
  }
}
