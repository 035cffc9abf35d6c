package io.kubekv.zookeeper.write;

import io.kubekv.Layout;
import io.kubekv.Precondition;
import io.kubekv.zookeeper.node.Node;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.wire.Path;

/** What has to hold of a node before it is changed. */
final class Conditions {
  private Conditions() {}

  /** It is there, with an entry or as the root. */
  static Precondition present(String path, Node node) {
    return path.equals(Path.ROOT) && node.entry().isEmpty()
        ? Precondition.ABSENT
        : Precondition.PRESENT;
  }

  /** The root is there without an entry, and without anything below it. */
  static Layout layout(String path, Node node) {
    return path.equals(Path.ROOT) || node.entry().isPresent() ? Layout.FLAT : Layout.NODES;
  }

  /**
   * Its data is of a version; the root is there without an entry, too.
   *
   * @param version as clients count; {@link Plan#ANY}: of any
   */
  static Precondition version(String path, int version, Nodes.Found guards) {
    if (path.equals(Path.ROOT)) {
      return version == Plan.ANY ? Precondition.NONE : guards.of(path).isOfVersion(version);
    }
    return version == Plan.ANY ? Precondition.PRESENT : new Precondition.VersionIs(version + 1L);
  }
}
