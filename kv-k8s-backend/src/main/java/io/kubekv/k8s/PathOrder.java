package io.kubekv.k8s;

import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets the writes of one key follow one another, and the writes of a tree respect each other: who
 * writes a key in a tree has it alone, and keeps the directories above from being removed. Thus a
 * directory is not removed while something is put into it.
 *
 * <p>Only the order of this process's own writes: what others write is found by comparing
 * revisions. Thread-safe.
 */
final class PathOrder {
  /** All permits of a place: who has them has it alone. */
  private static final int ALONE = Integer.MAX_VALUE;

  /** A lock whose holder is a write, and not a thread: one may begin and another end it. */
  private static final class Place {
    private final Semaphore permits = new Semaphore(ALONE, true);
    private int users;
  }

  /** A place that is held; closing it, by any thread and once, lets the next one in. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  private final Map<Key, Place> places = new ConcurrentHashMap<>();
  private final Map<Key, Place> making = new ConcurrentHashMap<>();

  /** Waits for the key alone. */
  Turn flat(Key key, Deadline deadline) {
    return take(key, List.of(), deadline);
  }

  /** Waits for the key alone and for what is above it together with others. */
  Turn tree(Key key, Deadline deadline) {
    return take(key, above(key), deadline);
  }

  /** As {@link #flat} or {@link #tree}, without waiting: empty when others are there. */
  Optional<Turn> atOnce(Key key, Layout layout) {
    try {
      return Optional.of(take(key, layout == Layout.TREE ? above(key) : List.of(), Deadline.NOW));
    } catch (UnavailableException others) {
      return Optional.empty();
    }
  }

  /** Waits for the key together with others who want it so. */
  Turn together(Key key, Deadline deadline) {
    return lock(places, key, 1, deadline);
  }

  /**
   * Waits to be the one who makes a missing directory. The caller holds it together with others, so
   * that nobody removes it; those who make it must not do so twice.
   */
  Turn parent(Key key, Deadline deadline) {
    return lock(making, key, ALONE, deadline);
  }

  private static List<Key> above(Key key) {
    List<Key> above = new ArrayList<>();
    for (Optional<Key> at = key.parent(); at.isPresent(); at = at.get().parent()) {
      above.addFirst(at.get());
    }
    return above;
  }

  private Turn take(Key key, List<Key> above, Deadline deadline) {
    List<Turn> turns = new ArrayList<>(above.size() + 1);
    try {
      for (Key at : above) {
        turns.add(lock(places, at, 1, deadline));
      }
      turns.add(lock(places, key, ALONE, deadline));
    } catch (RuntimeException late) {
      turns.reversed().forEach(Turn::close);
      throw late;
    }
    return () -> turns.reversed().forEach(Turn::close);
  }

  private static Turn lock(Map<Key, Place> places, Key key, int permits, Deadline deadline) {
    Place place = enter(places, key);
    try {
      if (place.permits.tryAcquire(permits, Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
        return () -> {
          place.permits.release(permits);
          leave(places, key);
        };
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      leave(places, key);
      throw new UnavailableException("interrupted while waiting for other writes of " + key);
    }
    leave(places, key);
    throw new UnavailableException("other writes of " + key + " take too long");
  }

  private static Place enter(Map<Key, Place> places, Key key) {
    return places.compute(
        key,
        (same, there) -> {
          Place place = there == null ? new Place() : there;
          place.users++;
          return place;
        });
  }

  private static void leave(Map<Key, Place> places, Key key) {
    places.computeIfPresent(key, (same, place) -> --place.users == 0 ? null : place);
  }
}
