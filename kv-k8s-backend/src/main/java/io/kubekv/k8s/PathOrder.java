package io.kubekv.k8s;

import io.kubekv.Key;
import io.kubekv.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets the writes of one key follow one another, and the writes of a tree respect each other: who
 * writes a key in a tree has it alone, and keeps the directories above from being removed. Thus a
 * directory is not removed while something is put into it.
 *
 * <p>Only the order of this process's own writes: what others write is found by comparing
 * revisions. Thread-safe.
 */
final class PathOrder {
  private static final class Place {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
    private int users;
  }

  /** A place that is held; closing it lets the next one in. Of the thread that got it. */
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
    List<Key> above = new ArrayList<>();
    for (Optional<Key> at = key.parent(); at.isPresent(); at = at.get().parent()) {
      above.addFirst(at.get());
    }
    return take(key, above, deadline);
  }

  /** Waits for the key together with others who want it so. */
  Turn together(Key key, Deadline deadline) {
    Runnable release = lock(places, key, false, deadline);
    return release::run;
  }

  /**
   * Waits to be the one who makes a missing directory. The caller holds it together with others, so
   * that nobody removes it; those who make it must not do so twice.
   */
  Turn parent(Key key, Deadline deadline) {
    Runnable release = lock(making, key, true, deadline);
    return release::run;
  }

  private Turn take(Key key, List<Key> above, Deadline deadline) {
    List<Runnable> releases = new ArrayList<>(above.size() + 1);
    try {
      for (Key at : above) {
        releases.add(lock(places, at, false, deadline));
      }
      releases.add(lock(places, key, true, deadline));
    } catch (RuntimeException late) {
      releases.reversed().forEach(Runnable::run);
      throw late;
    }
    return () -> releases.reversed().forEach(Runnable::run);
  }

  private static Runnable lock(Map<Key, Place> places, Key key, boolean alone, Deadline deadline) {
    Place place = enter(places, key);
    Lock lock = alone ? place.lock.writeLock() : place.lock.readLock();
    try {
      if (lock.tryLock(Math.max(0, deadline.left()), TimeUnit.NANOSECONDS)) {
        return () -> {
          lock.unlock();
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
