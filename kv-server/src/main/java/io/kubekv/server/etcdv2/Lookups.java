package io.kubekv.server.etcdv2;

import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.server.access.GuardedStore;

/** The linearizable reads that an answer is made of. */
interface Lookups {
  Lookup get(Key key);

  Listing list(ListRequest request);

  /** The same for what the client did not ask for, and is not to be denied for. */
  default Lookups own() {
    return this;
  }

  /** Those of a thread that may wait. */
  static Lookups waiting(KeyValueStore store) {
    return new Lookups() {
      @Override
      public Lookup get(Key key) {
        return store.get(key, Freshness.LINEARIZABLE);
      }

      @Override
      public Listing list(ListRequest request) {
        return store.list(request, Freshness.LINEARIZABLE);
      }

      @Override
      public Lookups own() {
        return waiting(GuardedStore.forOwnLookups(store));
      }
    };
  }

  /** Those of an event loop: they end in {@link WouldWait} where they would wait, or be long. */
  static Lookups atOnce(KeyValueStore store) {
    return new Lookups() {
      @Override
      public Lookup get(Key key) {
        return store.getAtOnce(key).orElseThrow(WouldWait::new);
      }

      @Override
      public Listing list(ListRequest request) {
        return store.listAtOnce(request, WouldWait.SHORT).orElseThrow(WouldWait::new);
      }
    };
  }

  /** One that is known; everything else ends in {@link WouldWait}. */
  static Lookups having(Key known, Lookup found) {
    return new Lookups() {
      @Override
      public Lookup get(Key key) {
        if (!key.equals(known)) {
          throw new WouldWait();
        }
        return found;
      }

      @Override
      public Listing list(ListRequest request) {
        throw new WouldWait();
      }
    };
  }

  /** The answer needs a thread. Nothing has been answered. */
  final class WouldWait extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How many entries are rendered in less time than a change of threads takes, or nearly. */
    private static final int SHORT = 200;

    WouldWait() {
      super("the answer needs a thread that may wait", null, false, false);
    }
  }
}
