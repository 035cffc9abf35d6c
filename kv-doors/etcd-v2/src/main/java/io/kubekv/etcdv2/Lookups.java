package io.kubekv.etcdv2;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.transport.access.GuardedStore;
import io.kubekv.transport.limits.Room;
import java.util.List;
import java.util.Optional;

/** The linearizable reads that an answer is made of. */
interface Lookups {
  Lookup get(Key key);

  Listing list(ListRequest request);

  /** The same for what the client did not ask for, and is not to be denied for. */
  Lookups own();

  /** Those of a thread that may wait. */
  static Lookups waiting(KeyValueStore store) {
    return new Lookups() {
      @Override
      public Lookup get(Key key) {
        return Await.read(store.get(key, Freshness.LINEARIZABLE));
      }

      @Override
      public Listing list(ListRequest request) {
        return Await.read(store.list(request, Freshness.LINEARIZABLE));
      }

      @Override
      public Lookups own() {
        return waiting(GuardedStore.forOwnLookups(store));
      }
    };
  }

  /** Whether an event loop has the time to render these entries. */
  static boolean isShort(List<Entry> entries) {
    return Room.isSmall(entries.stream().mapToLong(entry -> entry.value().size()).sum());
  }

  /** The same for what a change answers with. */
  static boolean isShort(Optional<Entry> entry) {
    return isShort(entry.stream().toList());
  }
}
