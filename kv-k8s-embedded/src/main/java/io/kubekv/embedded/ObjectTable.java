package io.kubekv.embedded;

import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one resource type, in the order of their keys, with their recent versions and
 * changes.
 *
 * <p>The writer thread alone changes it; any thread reads it at a revision that has been published.
 */
final class ObjectTable {
  private final String resource;
  private final ConcurrentSkipListMap<String, Version> heads = new ConcurrentSkipListMap<>();
  private final ChangeLog log = new ChangeLog();

  /** {@code resource} is {@code group/plural}, the form in which the journal names a table. */
  ObjectTable(String resource) {
    this.resource = resource;
  }

  String resource() {
    return resource;
  }

  ChangeLog log() {
    return log;
  }

  /** The key of an object: its namespace (empty for cluster scope), a slash, its name. */
  static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  /** The newest version, published or not, deletions included. For the writer thread. */
  @Nullable Version head(String key) {
    return heads.get(key);
  }

  /** The version that a reader at {@code revision} sees, deletions included. */
  @Nullable Version at(String key, long revision) {
    return Version.at(heads.get(key), revision);
  }

  /**
   * All keys from {@code from} on that begin with {@code prefix}; walk it with {@link Version#at}.
   */
  NavigableMap<String, Version> range(String prefix, String from) {
    String start = from.compareTo(prefix) > 0 ? from : prefix;
    NavigableMap<String, Version> tail = heads.tailMap(start, true);
    return prefix.isEmpty() ? tail : tail.headMap(prefix + Character.MAX_VALUE, false);
  }

  /** About how many keys there are, deletions not yet compacted included; costs a walk. */
  boolean hasMoreThan(int keys) {
    int seen = 0;
    for (Map.Entry<String, Version> ignored : heads.entrySet()) {
      if (++seen > keys) {
        return true;
      }
    }
    return false;
  }

  void apply(Change change) {
    heads.put(change.key(), change.version());
    log.add(change);
  }

  /** Makes unreachable what only snapshots before this change's revision could see. */
  void compact(Change change) {
    change.version().forgetPrevious();
    if (change.version().deleted()) {
      heads.remove(change.key(), change.version());
    }
  }
}
