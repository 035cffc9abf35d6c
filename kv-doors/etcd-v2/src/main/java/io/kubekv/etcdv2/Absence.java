package io.kubekv.etcdv2;

import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Range;
import io.kubekv.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says what etcd says of a key without an entry: which element of its path is the first one
 * missing, or that a value stands above it, or that keys below it make it a directory all the same.
 * What the client may not see above a key is taken for a directory, as it is nearly always, and
 * what it may not see below one for nothing.
 */
final class Absence {
  private final Lookups lookups;

  Absence(Lookups lookups) {
    this.lookups = lookups;
  }

  /** The error for a key that has neither an entry nor keys below it. */
  EtcdError explain(Key key, Revision at) {
    for (Key element : pathTo(key)) {
      Optional<ErrorCode> error = missing(element);
      if (error.isPresent()) {
        return new EtcdError(error.get(), NodePath.shown(element), at);
      }
    }
    return new EtcdError(ErrorCode.KEY_NOT_FOUND, NodePath.shown(key), at);
  }

  /** Why nothing can be below a key; empty when something can. */
  private Optional<ErrorCode> missing(Key element) {
    try {
      Optional<Entry> entry = lookups.own().get(element).entry();
      if (entry.isPresent()) {
        return entry.get().isDirectory()
            ? Optional.empty()
            : Optional.of(ErrorCode.NOT_A_DIRECTORY);
      }
      return isDirectory(element) ? Optional.empty() : Optional.of(ErrorCode.KEY_NOT_FOUND);
    } catch (PermissionDeniedException notToBeSeen) {
      return Optional.empty();
    }
  }

  /** Whether keys below it make the key a directory. */
  boolean hasKeysBelow(Key key) {
    try {
      return isDirectory(key);
    } catch (PermissionDeniedException notToBeSeen) {
      return false;
    }
  }

  private boolean isDirectory(Key key) {
    ListRequest below = ListRequest.oneLevel(new Range.WithPrefix(key.below()));
    Listing listing = lookups.own().list(below);
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
