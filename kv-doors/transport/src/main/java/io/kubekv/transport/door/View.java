package io.kubekv.transport.door;

import io.kubekv.KeyValueStore;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.GuardedStore;
import io.kubekv.transport.access.GuardedWatches;
import io.kubekv.transport.watch.Watches;

/**
 * The store as somebody sees it.
 *
 * @param watches of the same
 */
public record View(KeyValueStore store, Watches watches) {
  /** What an access allows of it. */
  public View of(Access access) {
    return new View(new GuardedStore(store, access), new GuardedWatches(watches, access));
  }
}
