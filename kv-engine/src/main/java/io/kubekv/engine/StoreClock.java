package io.kubekv.engine;

import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.engine.state.Clocks;
import io.kubekv.engine.state.Request;
import io.kubekv.engine.state.State;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The store's own clock ({@link Clocks}) in the hands of the holder, who records it now and then:
 * what a take-over loses is what has passed since, and what a key had lived before the first record
 * after its put. For one thread at a time.
 */
final class StoreClock {
  /**
   * A time to live is recorded so often while it runs: a take-over loses no more than two, and how
   * long the log had to rest.
   */
  private static final int RECORDS = 12;

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMillis(2_500);

  /** How many sessions one record names. */
  private static final int MOST_SESSIONS = 1_000;

  private long started;
  private long recorded;
  private long shownAtStart;
  private Revision seen = Revision.ZERO;

  /** How much of a time to live may pass unrecorded, in nanoseconds. */
  static long interval(long timeToLive) {
    return Math.clamp(timeToLive / RECORDS, SHORTEST.toNanos(), LONGEST.toNanos());
  }

  /** A holder begins. */
  void restart(State applied, long now) {
    started = now;
    recorded = now;
    shownAtStart = applied.clocks().now();
    seen = applied.revision();
  }

  /** A change of this revision has come back from the log. */
  void saw(Revision revision) {
    seen = revision;
  }

  /** When it is to be recorded next; empty while no time runs. */
  OptionalLong next(Timers timers) {
    OptionalLong shortest = timers.shortest();
    return shortest.isPresent()
        ? OptionalLong.of(recorded + interval(shortest.getAsLong()))
        : OptionalLong.empty();
  }

  /** The record that is due. */
  Optional<Request<?>> due(Timers timers, State prepared, long now) {
    OptionalLong next = next(timers);
    if (next.isEmpty() || next.getAsLong() > now) {
      return Optional.empty();
    }
    recorded = now;
    long clock = shownAtStart + now - started;
    Map<SessionId, Long> ends = new LinkedHashMap<>();
    timers
        .idle(now)
        .filter(id -> !prepared.clocks().knows(id))
        .limit(MOST_SESSIONS)
        .forEach(id -> ends.put(id, clock + timers.left(id, now)));
    return Optional.of(new Request.PassTime(clock, seen, ends));
  }
}
