package io.kubekv.transport.door;

import io.kubekv.KeyValueStore;
import io.kubekv.PermissionDeniedException;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.GuardedStore;
import io.kubekv.transport.access.GuardedWatches;
import io.kubekv.transport.decorator.AuthoredStore;
import io.kubekv.transport.watch.Watches;

/**
 * The store as somebody sees it.
 *
 * @param watches of the same
 */
public record View(KeyValueStore store, Watches watches) {
  /** What an access allows of it; changes are by its user. */
  public View of(Access access) {
    return new View(new GuardedStore(named(access), access), new GuardedWatches(watches, access));
  }

  private KeyValueStore named(Access access) {
    return store instanceof AuthoredStore authored && !access.equals(Access.ALL)
        ? authored.as(access.user(), new OfReplicas(access))
        : store;
  }

  /** Replicas are known by what is granted to them. */
  private record OfReplicas(Access access) implements AuthoredStore.Claims {
    @Override
    public boolean isKnown() {
      return access.isKnownReplica();
    }

    /** That a client names an author is nothing that it asks for. */
    @Override
    public boolean isTrue() {
      try {
        access.unrecorded().requireReplica();
        return true;
      } catch (PermissionDeniedException another) {
        return false;
      }
    }
  }
}
