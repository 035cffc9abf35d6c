package io.kubekv.zookeeper.watch;

import io.kubekv.zookeeper.wire.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which paths somebody waits for something of, or reads at this moment to wait for it then. Used on
 * the event loop alone.
 */
final class Concern {
  private final WatchTable data;
  private final WatchTable children;
  private final Map<String, Integer> read = new HashMap<>();
  private final Map<String, Integer> readChildren = new HashMap<>();

  Concern(WatchTable data, WatchTable children) {
    this.data = data;
    this.children = children;
  }

  /** Nodes, and those whose children are meant, are read to wait for them. */
  void begins(Set<String> nodes, Set<String> parents) {
    nodes.forEach(path -> read.merge(path, 1, Integer::sum));
    parents.forEach(path -> readChildren.merge(path, 1, Integer::sum));
  }

  /** They are read. */
  void ends(Set<String> nodes, Set<String> parents) {
    nodes.forEach(path -> less(read, path));
    parents.forEach(path -> less(readChildren, path));
  }

  private static void less(Map<String, Integer> times, String path) {
    times.computeIfPresent(path, (same, number) -> number == 1 ? null : number - 1);
  }

  /** Whether it matters to anybody what happens to a node. */
  boolean isOf(String path) {
    String parent = Path.parent(path);
    return data.concerns(path)
        || children.concerns(path)
        || children.concerns(parent)
        || read.containsKey(path)
        || readChildren.containsKey(path)
        || readChildren.containsKey(parent);
  }
}
