package io.kubekv.zookeeper.watch;

import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.zookeeper.wire.EventType;
import io.kubekv.zookeeper.wire.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.zookeeper.data.ACL;
import org.jspecify.annotations.Nullable;

/**
 * Which connections wait for what of which paths: of nodes themselves, or of their children
 * (ZooKeeper 3.8, WatchManager). Used on the event loop alone.
 */
public final class WatchTable {
  /** How long a watch stays. */
  enum Mode {
    /** Until it has told of something. */
    ONCE,
    PERSISTENT,
    /** And tells of what is below as well, but not of children that change. */
    RECURSIVE
  }

  /** What a connection waits for of one path: from which revision on, for each mode. */
  private static final class Wanted {
    private final Map<Mode, Long> since = new HashMap<>();
    private final Runnable own;
    private Runnable below = () -> {};

    Wanted(Runnable own) {
      this.own = own;
    }

    void close() {
      own.run();
      below.run();
    }
  }

  private final Map<String, Map<Watcher, Wanted>> byPath = new HashMap<>();
  private final Map<Watcher, Set<String>> paths = new HashMap<>();

  /** Who waits for what is below a path as well: alone looked at for each path above a change. */
  private final Map<String, Set<Watcher>> recursive = new HashMap<>();

  /**
   * A connection waits for what comes after a revision. It does so wholly, or not at all.
   *
   * @return whether it did not wait so before
   * @throws OverLimitException when its client, or all of them, wait for too much
   */
  boolean add(String path, Watcher watcher, Mode mode, long since) {
    Wanted known = byPath.getOrDefault(path, Map.of()).get(watcher);
    Wanted wanted = known == null ? new Wanted(watcher.waits(path, false)) : known;
    boolean isNew = !wanted.since.containsKey(mode);
    if (mode == Mode.RECURSIVE && isNew) {
      try {
        wanted.below = watcher.waits(path, true);
      } catch (RuntimeException refused) {
        if (known == null) {
          wanted.close();
        }
        throw refused;
      }
      recursive.computeIfAbsent(path, unknown -> new LinkedHashSet<>()).add(watcher);
    }
    if (known == null) {
      byPath.computeIfAbsent(path, unknown -> new LinkedHashMap<>()).put(watcher, wanted);
      paths.computeIfAbsent(watcher, unknown -> new HashSet<>()).add(path);
    }
    wanted.since.merge(mode, since, Math::min);
    return isNew;
  }

  /** A connection waits for a path no more in this way, but may in others. */
  void drop(String path, Watcher watcher, Mode mode) {
    Wanted wanted = byPath.getOrDefault(path, Map.of()).get(watcher);
    if (wanted == null || !wanted.since.containsKey(mode)) {
      return;
    }
    if (wanted.since.size() == 1) {
      remove(path, watcher);
      return;
    }
    wanted.since.remove(mode);
    if (mode == Mode.RECURSIVE) {
      wanted.below.run();
      wanted.below = () -> {};
      notRecursive(path, watcher);
    }
  }

  private void notRecursive(String path, Watcher watcher) {
    recursive.computeIfPresent(
        path,
        (same, all) -> {
          all.remove(watcher);
          return all.isEmpty() ? null : all;
        });
  }

  public boolean has(String path, Watcher watcher) {
    return byPath.getOrDefault(path, Map.of()).containsKey(watcher);
  }

  /** Whether anybody waits for something of this very path. */
  boolean has(String path) {
    return byPath.containsKey(path);
  }

  boolean hasAny(Watcher watcher) {
    return paths.containsKey(watcher);
  }

  /** Whether a connection waited for that. */
  public boolean remove(String path, Watcher watcher) {
    Map<Watcher, Wanted> ofPath = byPath.get(path);
    Wanted wanted = ofPath == null ? null : ofPath.remove(watcher);
    if (ofPath == null || wanted == null) {
      return false;
    }
    wanted.close();
    if (wanted.since.containsKey(Mode.RECURSIVE)) {
      notRecursive(path, watcher);
    }
    if (ofPath.isEmpty()) {
      byPath.remove(path);
    }
    Set<String> own = paths.get(watcher);
    if (own != null && own.remove(path) && own.isEmpty()) {
      paths.remove(watcher);
    }
    return true;
  }

  /** A connection is gone. */
  void removeAll(Watcher watcher) {
    for (String path : Set.copyOf(paths.getOrDefault(watcher, Set.of()))) {
      remove(path, watcher);
    }
  }

  /** All that wait for something. */
  Set<Watcher> all() {
    return Set.copyOf(paths.keySet());
  }

  boolean isEmpty() {
    return byPath.isEmpty();
  }

  /** Whether anybody waits for something of a path or, recursively, of one above it. */
  boolean concerns(String path) {
    if (byPath.containsKey(path)) {
      return true;
    }
    for (String at = path; !at.equals(Path.ROOT); ) {
      at = Path.parent(at);
      if (recursive.containsKey(at)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Something happened; who waits for it is told once, if the node's list lets it be read. A watch
   * that stays until it has told of something is over in any case, as by ZooKeeper (3.8.4).
   *
   * @param acl of the node
   * @param told who was told of the same already; whoever is told now is added
   */
  void trigger(String path, EventType type, long revision, List<ACL> acl, Set<Watcher> told) {
    List<Watcher> now = new ArrayList<>();
    itself(path, type, revision, now);
    if (type != EventType.CHILDREN_CHANGED) {
      for (String at = path; !at.equals(Path.ROOT); ) {
        at = Path.parent(at);
        above(at, revision, now);
      }
    }
    for (Watcher watcher : now) {
      if (told.add(watcher) && watcher.mayRead(acl)) {
        watcher.happened(type, path, revision);
      }
    }
  }

  private void itself(String path, EventType type, long revision, List<Watcher> found) {
    List<Watcher> over = new ArrayList<>();
    byPath
        .getOrDefault(path, Map.of())
        .forEach(
            (watcher, wanted) -> {
              boolean told = isBefore(wanted.since.get(Mode.PERSISTENT), revision);
              if (isBefore(wanted.since.get(Mode.ONCE), revision)) {
                told = true;
                wanted.since.remove(Mode.ONCE);
              }
              if (type != EventType.CHILDREN_CHANGED) {
                told |= isBefore(wanted.since.get(Mode.RECURSIVE), revision);
              }
              if (told) {
                found.add(watcher);
              }
              if (wanted.since.isEmpty()) {
                over.add(watcher);
              }
            });
    over.forEach(watcher -> remove(path, watcher));
  }

  private void above(String path, long revision, List<Watcher> found) {
    for (Watcher watcher : recursive.getOrDefault(path, Set.of())) {
      Wanted wanted = byPath.getOrDefault(path, Map.of()).get(watcher);
      if (wanted != null && isBefore(wanted.since.get(Mode.RECURSIVE), revision)) {
        found.add(watcher);
      }
    }
  }

  private static boolean isBefore(@Nullable Long since, long revision) {
    return since != null && since < revision;
  }

  /** The paths that each waits for something of. */
  public Map<Watcher, Set<String>> byWatcher() {
    return Map.copyOf(paths);
  }

  public int watches() {
    return paths.values().stream().mapToInt(Set::size).sum();
  }
}
