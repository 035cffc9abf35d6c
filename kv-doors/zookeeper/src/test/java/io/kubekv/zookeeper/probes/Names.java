package io.kubekv.zookeeper.probes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The paths of a program: few, so that its steps meet. */
final class Names {
  private static final List<String> USUAL =
      List.of("", "/a", "/a", "/a/a", "/a/b", "/b", "/b", "/b/a", "/k", "/k/a", "/none/a");

  /** Made by sequences alone: there kubekv looks at what is there, and ZooKeeper does not. */
  private static final List<String> COUNTED =
      List.of("/n-0000000000", "/n-0000000001", "/a/n-0000000000", "/a/n-0000000001");

  private static final List<String> BAD =
      List.of(
          "",
          "a",
          "//",
          Programs.ROOT + "/",
          Programs.ROOT + "//a",
          Programs.ROOT + "/./a",
          Programs.ROOT + "/..",
          Programs.ROOT + "/a/",
          Programs.ROOT + "/a/..",
          Programs.ROOT + "/a\u0000",
          Programs.ROOT + "/\u0007",
          Programs.ROOT + "/\u0085",
          Programs.ROOT + "/\ue000",
          Programs.ROOT + "/\ufff0");

  /**
   * How a path is watched throughout a program, by every session: ZooKeeper keeps one way for each
   * session and path, the last that was asked for, and kubekv each.
   */
  enum Watched {
    ONCE,
    LASTING,
    RECURSIVE
  }

  private final RandomGenerator random;
  private final Map<String, Watched> watched = new HashMap<>();

  Names(RandomGenerator random) {
    this.random = random;
    for (String name : USUAL) {
      watched.put(Programs.ROOT + name, how());
    }
    watched.put(Programs.ROOT + "/a", Watched.LASTING);
    watched.put(Programs.ROOT + "/b", Watched.RECURSIVE);
  }

  private Watched how() {
    return switch (random.nextInt(5)) {
      case 0 -> Watched.LASTING;
      case 1 -> Watched.RECURSIVE;
      default -> Watched.ONCE;
    };
  }

  private Watched how(String path) {
    return watched.getOrDefault(path, Watched.ONCE);
  }

  boolean isWatchedOnce(String path) {
    return how(path) == Watched.ONCE;
  }

  /** Of a node that may be there, and is watched so. */
  String good(Watched so) {
    String path = good();
    while (how(path) != so) {
      path = good();
    }
    return path;
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Of a node to be made, whose name is whole. */
  String made() {
    return random.nextInt(20) == 0 ? one(BAD) : Programs.ROOT + one(USUAL);
  }

  /** Of a node to be made, to whose name a number is added. */
  String counted() {
    String parent = made();
    return (parent.isEmpty() ? Programs.ROOT : parent) + (random.nextInt(6) == 0 ? "/" : "/n-");
  }

  /** Of a node that may be there. */
  String good() {
    return Programs.ROOT + one(random.nextInt(8) == 0 ? COUNTED : USUAL);
  }

  /** The same, and now and then what can be none. The empty path is ZooKeeper's root, not here. */
  String any() {
    String path = random.nextInt(20) == 0 ? one(BAD) : good();
    return path.isEmpty() || path.indexOf('\0') >= 0 ? Programs.ROOT : path;
  }

  /** Whether it is a container, which is deleted by the server when it has no children any more. */
  static boolean isContainer(String path) {
    return path.endsWith("/k");
  }

  /**
   * Whether it is below a container: such nodes stay, so that no container is deleted meanwhile.
   */
  static boolean stays(String path) {
    return path.contains("/k/");
  }
}
