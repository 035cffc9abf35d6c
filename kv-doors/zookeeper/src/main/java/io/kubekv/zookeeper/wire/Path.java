package io.kubekv.zookeeper.wire;

import io.kubekv.Key;
import io.kubekv.Prefix;
import java.util.Optional;

/** Paths of znodes, and the keys that they are. The root's data is kept under the key {@code /}. */
public final class Path {
  public static final String ROOT = "/";
  private static final Key ROOT_KEY = Key.of("/");

  private Path() {}

  /** Whether ZooKeeper takes it as a node's (3.8, PathUtils.validatePath). */
  public static boolean isValid(String path) {
    if (path.equals(ROOT)) {
      return true;
    }
    if (path.isEmpty() || path.charAt(0) != '/' || path.endsWith("/")) {
      return false;
    }
    for (int start = 1; start <= path.length(); ) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      if (!isName(path.substring(start, end))) {
        return false;
      }
      start = end + 1;
    }
    return true;
  }

  /** Whether a node may be called so. */
  public static boolean isName(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (isForbidden(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isForbidden(int c) {
    return c <= 0x1f || c >= 0x7f && c <= 0x9f || c >= 0xd800 && c <= 0xf8ff || c >= 0xfff0;
  }

  /**
   * The path, where there can be a node of it.
   *
   * @throws ZkException when there can be no such node
   */
  public static String required(String path) {
    if (path == null || !isValid(path)) {
      throw new ZkException(Code.BAD_ARGUMENTS);
    }
    return path;
  }

  /** The key of a valid path. */
  public static Key key(String path) {
    return path.equals(ROOT) ? ROOT_KEY : Key.of(path.substring(1));
  }

  /** What the keys below a node begin with. */
  public static Prefix below(String path) {
    return path.equals(ROOT) ? Prefix.ALL : new Prefix(path.substring(1) + "/");
  }

  /** The path of a key; empty when it is not shown as a node. */
  public static Optional<String> of(Key key) {
    if (key.equals(ROOT_KEY)) {
      return Optional.of(ROOT);
    }
    String path = "/" + key.text();
    return isValid(path) ? Optional.of(path) : Optional.empty();
  }

  /** The path above a valid one that is not the root. */
  public static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? ROOT : path.substring(0, slash);
  }

  public static String child(String parent, String name) {
    return parent.equals(ROOT) ? ROOT + name : parent + "/" + name;
  }
}
