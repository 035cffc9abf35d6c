package io.kubekv.zookeeper.node;

import io.kubekv.zookeeper.wire.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Counts the nodes below one, those among them that other doors' keys imply, by a walk through the
 * keys in their order. What it keeps is no more than the nodes that the last key begins with. Not
 * thread-safe.
 */
public final class Descendants {
  /** Where the names below the node begin. */
  private final int below;

  private final String node;
  private long count;
  private String last = "";

  /** How long those paths are that the last one begins with, itself among them. */
  private final Deque<Integer> beginnings = new ArrayDeque<>();

  public Descendants(String node) {
    this.node = node;
    this.below = node.equals(Path.ROOT) ? 1 : node.length() + 1;
  }

  /**
   * A node that has a key.
   *
   * @param path behind all before, in the order of the keys
   */
  public void add(String path) {
    if (path.equals(node)) {
      return;
    }
    int common = common(path);
    while (!beginnings.isEmpty() && beginnings.peek() > common) {
      beginnings.pop();
    }
    for (int slash = path.indexOf('/', below); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      boolean isAboveLast = slash < common;
      if (!isAboveLast && !beginnings.contains(slash)) {
        count++;
      }
    }
    count++;
    beginnings.push(path.length());
    last = path;
  }

  /** How much of the last path this one begins with. */
  private int common(String path) {
    int most = Math.min(path.length(), last.length());
    int common = 0;
    while (common < most && path.charAt(common) == last.charAt(common)) {
      common++;
    }
    return common;
  }

  public long count() {
    return count;
  }
}
