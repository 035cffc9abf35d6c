package io.kubekv.server.etcdv2;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says what etcd says of a key without an entry: which element of its path is the first one
 * missing, or that a value stands above it, or that keys below it make it a directory all the same.
 */
final class Absence {
  private final Lookups lookups;

  Absence(Lookups lookups) {
    this.lookups = lookups;
  }

  /** The error for a key that has neither an entry nor keys below it. */
  EtcdError explain(Key key, Revision at) {
    for (Key element : pathTo(key)) {
      Optional<Entry> entry = lookups.get(element).entry();
      if (entry.isPresent() && !entry.get().isDirectory()) {
        return new EtcdError(ErrorCode.NOT_A_DIRECTORY, NodePath.shown(element), at);
      }
      if (entry.isEmpty() && !hasKeysBelow(element)) {
        return new EtcdError(ErrorCode.KEY_NOT_FOUND, NodePath.shown(element), at);
      }
    }
    return new EtcdError(ErrorCode.KEY_NOT_FOUND, NodePath.shown(key), at);
  }

  /** Whether keys below it make the key a directory. */
  boolean hasKeysBelow(Key key) {
    ListRequest below = ListRequest.oneLevel(new Range.WithPrefix(key.below()));
    Listing listing = lookups.list(below);
    return !listing.entries().isEmpty() || !listing.prefixes().isEmpty();
  }

  /** The keys above a key, from the top. */
  private static List<Key> pathTo(Key key) {
    List<Key> path = new ArrayList<>();
    for (Optional<Key> up = key.parent(); up.isPresent(); up = up.get().parent()) {
      path.addFirst(up.get());
    }
    return path;
  }
}
