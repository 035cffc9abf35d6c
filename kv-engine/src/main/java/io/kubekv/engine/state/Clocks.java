package io.kubekv.engine.state;

import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.SessionId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What is left of the times to live, as far as the log knows it: by the store's own clock, which
 * goes on while somebody holds the log and stands still in between. So nothing ends early, and one
 * reading of the clock is a record for all keys at once. Immutable.
 *
 * @param now the clock in nanoseconds, as it was last recorded
 * @param begun what it showed when the time of a key was known to have begun
 * @param fresh the keys whose time has not been seen to begin
 * @param ends when a session ends that has not been renewed for long; the others may have been
 *     renewed at any time
 * @param shown the time that the entry changed last has shown ({@link io.kubekv.Times}), in
 *     milliseconds
 * @param digest a sum over all of it; see {@link Digest}
 */
public record Clocks(
    long now,
    TreePMap<Key, Long> begun,
    TreePSet<Key> fresh,
    TreePMap<SessionId, Long> ends,
    long shown,
    long digest) {
  static final Clocks NONE =
      new Clocks(0, TreePMap.empty(), TreePSet.empty(), TreePMap.empty(), 0, 0);

  /** What is left at least of the entry's time to live; not positive when it is over. */
  public Duration left(Entry entry, Expiry expiry) {
    Long begin = begun.get(entry.key());
    return begin == null
        ? expiry.timeToLive()
        : expiry.timeToLive().minusNanos(Math.max(0, now - begin));
  }

  /** What is left at least until a session ends; empty when nothing is recorded. */
  public Optional<Duration> left(SessionId id) {
    return Optional.ofNullable(ends.get(id)).map(end -> Duration.ofNanos(end - now));
  }

  /** Whether it is recorded when a session ends. */
  public boolean knows(SessionId id) {
    return ends.containsKey(id);
  }

  /** The time of a key begins, or it has none. */
  Clocks put(Key key, @Nullable Entry before, @Nullable Entry after) {
    Clocks next = after == null ? this : showing(after.modified());
    return next.begins(key, before, after);
  }

  /** An entry shows this time; nothing where it shows none. */
  Clocks showing(long millis) {
    return millis == 0 || millis == shown
        ? this
        : new Clocks(now, begun, fresh, ends, millis, digest - ofShown(shown) + ofShown(millis));
  }

  private static long ofShown(long millis) {
    return millis == 0 ? 0 : Digest.ofShown(millis);
  }

  private Clocks begins(Key key, @Nullable Entry before, @Nullable Entry after) {
    boolean had = before != null && before.expiry().isPresent();
    boolean has = after != null && after.expiry().isPresent();
    if (!had && !has) {
      return this;
    }
    return new Clocks(
        now,
        begun.minus(key),
        has ? fresh.plus(key) : fresh.minus(key),
        ends,
        shown,
        digest - ofBegun(key));
  }

  /** The clock goes on. */
  Clocks passed(Change.TimePassed passed, Contents contents) {
    Clocks next = at(passed.clock());
    for (Key key : fresh) {
      next =
          contents.get(key).filter(passed::hasSeen).isPresent()
              ? next.withBegun(key, next.now)
              : next;
    }
    for (Map.Entry<SessionId, Long> idle : passed.ends().entrySet()) {
      next = next.ending(idle.getKey(), idle.getValue());
    }
    return next;
  }

  /** The same when the clock shows this. */
  Clocks at(long clock) {
    return new Clocks(clock, begun, fresh, ends, shown, digest - of(now) + of(clock));
  }

  private static long of(long clock) {
    return clock == 0 ? 0 : Digest.of(clock);
  }

  /** The time of a key began when the clock showed this. */
  Clocks withBegun(Key key, long clock) {
    return new Clocks(
        now,
        begun.plus(key, clock),
        fresh.minus(key),
        ends,
        shown,
        digest - ofBegun(key) + Digest.of(key, clock));
  }

  /** A session ends when the clock shows this, if it is not renewed. */
  Clocks ending(SessionId id, long end) {
    return new Clocks(
        now, begun, fresh, ends.plus(id, end), shown, digest - ofEnd(id) + Digest.of(id, end));
  }

  /** Nothing is known any more of when a session ends. */
  Clocks renewed(SessionId id) {
    return ends.containsKey(id)
        ? new Clocks(now, begun, fresh, ends.minus(id), shown, digest - ofEnd(id))
        : this;
  }

  private long ofBegun(Key key) {
    Long clock = begun.get(key);
    return clock == null ? 0 : Digest.of(key, clock);
  }

  private long ofEnd(SessionId id) {
    Long end = ends.get(id);
    return end == null ? 0 : Digest.of(id, end);
  }
}
