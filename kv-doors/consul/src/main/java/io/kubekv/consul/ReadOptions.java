package io.kubekv.consul;

import io.kubekv.Freshness;
import io.kubekv.Revision;
import io.kubekv.golang.GoDuration;
import io.kubekv.golang.GoDuration.BadDuration;
import io.kubekv.golang.Quoted;
import java.time.Duration;

/**
 * How a client wants to read. Consul checks these with writes, too.
 *
 * @param index the client has seen this and waits for something later; zero: it does not wait
 * @param atMost for how long it waits
 * @param freshness what it accepts
 */
record ReadOptions(Revision index, Duration atMost, Freshness freshness) {
  private static final Duration USUAL_WAIT = Duration.ofMinutes(5);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

  /** Reads them in Consul's order of checks, so that of two mistakes the same one is named. */
  static ReadOptions of(Query query) throws ConsulError {
    boolean stale = query.has("stale");
    boolean staleWithin = isPositive(query.text("max_stale"));
    requireNotConsistent(query, "stale", stale || staleWithin);
    requireNotConsistent(query, "cached", query.has("cached"));
    Duration wait = wait(query.text("wait"));
    Revision index = index(query.text("index"));
    return new ReadOptions(index, wait, stale ? Freshness.STALE : Freshness.LINEARIZABLE);
  }

  /** How stale an answer may be: here it is as fresh as with no bound. */
  private static boolean isPositive(String maxStale) throws ConsulError {
    try {
      return !maxStale.isEmpty() && GoDuration.parseNanos(maxStale) > 0;
    } catch (BadDuration notOne) {
      throw new ConsulError(400, "Invalid max_stale value " + Quoted.of(maxStale));
    }
  }

  private static void requireNotConsistent(Query query, String other, boolean wanted)
      throws ConsulError {
    if (wanted && query.has("consistent")) {
      throw new ConsulError(
          400, "Cannot specify ?" + other + " with ?consistent, conflicting semantics.");
    }
  }

  private static Duration wait(String text) throws ConsulError {
    try {
      Duration given = Duration.ofNanos(text.isEmpty() ? 0 : GoDuration.parseNanos(text));
      if (!given.isPositive()) {
        return USUAL_WAIT;
      }
      return given.compareTo(LONGEST_WAIT) < 0 ? given : LONGEST_WAIT;
    } catch (BadDuration notOne) {
      throw new ConsulError(400, "Invalid wait time");
    }
  }

  private static Revision index(String text) throws ConsulError {
    return text.isEmpty()
        ? Revision.ZERO
        : new Revision(
            Numbers.parse(text).orElseThrow(() -> new ConsulError(400, "Invalid index")));
  }

  boolean waits() {
    return index.isAfter(Revision.ZERO);
  }
}
