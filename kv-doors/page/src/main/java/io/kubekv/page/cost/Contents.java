package io.kubekv.page.cost;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.StoreStatus;
import io.kubekv.StoredSize;

/**
 * How large keys and values are, by some keys and by what all take together.
 *
 * @param keys directories included
 * @param looked how many were looked at: the first ones
 * @param keyBytes the mean of these
 * @param valueBytes the mean of all when all were looked at, else the most that it can be
 * @param binary whether most of the values that were looked at are no text
 */
record Contents(long keys, long looked, long keyBytes, long valueBytes, boolean binary) {
  private static final int LOOKED_AT = 128;

  /** Longer values are not read to find out whether they are text. */
  private static final int READ_BYTES = 4 << 10;

  static Contents read(KeyValueStore store, StoreStatus status) {
    Listing some =
        Await.read(store.list(ListRequest.of(Range.all()).withLimit(LOOKED_AT), Freshness.STALE));
    long keyBytes = 0;
    long valueBytes = 0;
    long binary = 0;
    for (Entry entry : some.entries()) {
      keyBytes += entry.key().size();
      valueBytes += entry.value().size();
      binary += isBinary(entry.value()) ? 1 : 0;
    }
    long looked = some.entries().size();
    long each = Math.max(1, looked);
    long key = Math.round((double) keyBytes / each);
    return new Contents(
        some.count(),
        looked,
        key,
        some.more() ? most(status, some.count(), key) : Math.round((double) valueBytes / each),
        2 * binary > looked);
  }

  /** What all take, but for the keys and what is kept beside each. */
  private static long most(StoreStatus status, long keys, long key) {
    return Math.max(0, Math.ceilDiv(status.bytes(), keys) - StoredSize.OVERHEAD_BYTES - key);
  }

  private static boolean isBinary(Bytes value) {
    return value.size() <= READ_BYTES && value.asText().isEmpty();
  }

  boolean isWhole() {
    return looked == keys;
  }
}
