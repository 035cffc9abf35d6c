package io.kubekv.k8s.view;

import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The keys whose objects may be wrong, those that have been so for longest first. Changes of one
 * key become one: it is due when it has settled, or has waited for long enough. Belongs to the
 * view's thread.
 */
final class DirtyKeys {
  private final long settledNanos;
  private final long longestNanos;
  private final Map<Key, Waiting> waiting = new LinkedHashMap<>();

  /** Keys whose objects the API will not take, until they change. */
  private final Set<Key> hopeless = new HashSet<>();

  /** A key that waits. */
  private static final class Waiting {
    final long since;
    final Revision first;
    long last;
    Revision newest;
    Cause cause;
    boolean isUrgent;

    Waiting(long now, Revision first, Cause cause) {
      this.since = now;
      this.last = now;
      this.first = first;
      this.newest = first;
      this.cause = cause;
    }
  }

  DirtyKeys(ViewSettings settings) {
    settledNanos = settings.settled().toNanos();
    longestNanos = settings.longest().toNanos();
  }

  /** Notes a change; false when the key was not waiting. */
  boolean changedAgain(Key key, Revision revision, Cause cause, long now) {
    Waiting here = waiting.get(key);
    if (here == null) {
      return false;
    }
    here.last = now;
    here.newest = revision;
    here.cause = cause;
    return true;
  }

  void changed(Key key, Revision revision, Cause cause, long now) {
    hopeless.remove(key);
    if (!changedAgain(key, revision, cause, now)) {
      waiting.put(key, new Waiting(now, revision, cause));
    }
  }

  /** The key is to be looked at soon, whatever has changed. */
  void look(Key key, Revision at, long now) {
    hopeless.remove(key);
    waiting.computeIfAbsent(key, absent -> new Waiting(now, at, Cause.SET)).isUrgent = true;
  }

  /** The keys to be shown now, at most {@code most}, those of them that may be. */
  List<Key> due(long now, int most, Predicate<Key> may) {
    List<Key> due = new ArrayList<>();
    for (Map.Entry<Key, Waiting> one : waiting.entrySet()) {
      if (due.size() >= most) {
        break;
      }
      if (isDue(one.getValue(), now) && may.test(one.getKey())) {
        due.add(one.getKey());
      }
    }
    return due;
  }

  private boolean isDue(Waiting key, long now) {
    return key.isUrgent || now - key.last >= settledNanos || now - key.since >= longestNanos;
  }

  /** Why the key is at {@code revision}, where that is known. */
  Cause cause(Key key, Revision revision) {
    Waiting here = waiting.get(key);
    return here != null && here.newest.equals(revision) ? here.cause : Cause.SET;
  }

  void done(Key key) {
    waiting.remove(key);
  }

  /** The key cannot be shown now: others come first. */
  void toEnd(Key key) {
    Waiting here = waiting.remove(key);
    if (here != null) {
      waiting.put(key, here);
    }
  }

  /** The key cannot be shown until it changes. */
  void giveUp(Key key) {
    waiting.remove(key);
    hopeless.add(key);
  }

  boolean isHopeless(Key key) {
    return hopeless.contains(key);
  }

  /** The key may be shown again. */
  void tryAgain(Key key) {
    hopeless.remove(key);
  }

  void tryAllAgain() {
    hopeless.clear();
  }

  /** How many keys wait, or have been given up. */
  int size() {
    return waiting.size() + hopeless.size();
  }

  /** For how long the one has waited that waits for longest. */
  Duration lag(long now) {
    long longest = 0;
    for (Waiting key : waiting.values()) {
      longest = Math.max(longest, now - key.since);
    }
    return Duration.ofNanos(longest);
  }

  /** The first revision that is not shown yet; empty when everything is. */
  Optional<Revision> firstNotShown() {
    return waiting.values().stream().map(key -> key.first).min(Comparator.naturalOrder());
  }
}
