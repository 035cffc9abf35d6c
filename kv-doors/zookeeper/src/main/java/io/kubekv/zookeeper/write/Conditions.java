package io.kubekv.zookeeper.write;

import io.kubekv.Layout;
import io.kubekv.Precondition;
import io.kubekv.zookeeper.node.Node;
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

  /** Its data is of the version that clients know. */
  static Precondition version(int version) {
    return version == Plan.ANY ? Precondition.PRESENT : new Precondition.VersionIs(version + 1L);
  }

  /** The root has a version before anybody has set its data. */
  static Precondition rootVersion(int version) {
    return switch (version) {
      case Plan.ANY -> Precondition.NONE;
      case 0 -> Precondition.ABSENT;
      default -> new Precondition.VersionIs(version);
    };
  }
}
