package io.kubekv.zookeeper.node;

import io.kubekv.DirectoryLookup;
import io.kubekv.Revision;
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.wire.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.data.ACL;

/** ZooKeeper's own nodes: they are there, and nobody can change them. */
public final class Special {
  public static final String NAME = "zookeeper";
  private static final String TOP = "/" + NAME;
  private static final Map<String, List<String>> CHILDREN =
      Map.of(
          TOP, List.of("config", "quota"), TOP + "/config", List.of(), TOP + "/quota", List.of());

  /** How many there are. */
  public static final int COUNT = CHILDREN.size();

  public static final NodeMeta META =
      new NodeMeta(NodeMeta.Kind.PLAIN, 0, List.of(new ACL(Acls.READ, Acls.ANYONE)));

  private Special() {}

  /** Whether a path is one of them, or would be below one. */
  public static boolean is(String path) {
    return path.equals(TOP) || path.startsWith(TOP + "/");
  }

  /** Whether there is such a node, and which are below it. */
  public static Optional<List<String>> children(String path) {
    return Optional.ofNullable(CHILDREN.get(path));
  }

  /** The node of such a path; one that is not there has neither entry nor children. */
  public static Node node(String path, Revision at) {
    int count = children(path).map(List::size).orElse(0);
    return new Node(path, Optional.empty(), new DirectoryLookup(0, count, Revision.ZERO, at), at);
  }

  /** Whether it can be read, since it has no entry that would say so. */
  public static boolean exists(String path) {
    return is(path) && CHILDREN.containsKey(path) || path.equals(Path.ROOT);
  }
}
