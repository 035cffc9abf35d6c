package io.kubekv.contract;

import io.kubekv.Limits;

/**
 * What a contract test asks of the store it gets.
 *
 * @param limits what the store shall accept; {@link io.kubekv.KeyValueStore#limits()} says the same
 * @param historyBytes about how much history the store shall keep
 */
public record StoreSpec(Limits limits, long historyBytes) {
  public static final StoreSpec DEFAULT = new StoreSpec(Limits.DEFAULT, 64L << 20);

  public StoreSpec withLimits(Limits newLimits) {
    return new StoreSpec(newLimits, historyBytes);
  }

  public StoreSpec withHistoryBytes(long newHistoryBytes) {
    return new StoreSpec(limits, newHistoryBytes);
  }
}
