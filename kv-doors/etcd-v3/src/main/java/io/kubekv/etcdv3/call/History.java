package io.kubekv.etcdv3.call;

import io.kubekv.KeyValueStore;

/** What a store remembers. */
public final class History {
  private History() {}

  /** Whether it remembers all that it ever was: a new one is at revision 1. */
  public static boolean isWhole(KeyValueStore store) {
    return store.status().oldest().value() <= 1;
  }
}
