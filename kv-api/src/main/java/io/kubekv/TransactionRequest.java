package io.kubekv;

import java.util.Arrays;
import java.util.List;

/**
 * Operations that happen together or not at all, in this order.
 *
 * @param operations at most {@link #MAX_OPERATIONS}; immutable
 * @param freshness how recent the state must be that a transaction reads which only reads; {@link
 *     Freshness#LINEARIZABLE} for all others
 */
public record TransactionRequest(List<TransactionOperation> operations, Freshness freshness) {
  /** How many operations a transaction may have, on every store (as in Consul 1.5). */
  public static final int MAX_OPERATIONS = 64;

  public TransactionRequest {
    operations = List.copyOf(operations);
    if (changes(operations) && !freshness.equals(Freshness.LINEARIZABLE)) {
      throw new IllegalArgumentException("a transaction that changes something is linearizable");
    }
  }

  /** These operations on the current state. */
  public static TransactionRequest of(TransactionOperation... operations) {
    return of(Arrays.asList(operations));
  }

  /** These operations on the current state. */
  public static TransactionRequest of(List<TransactionOperation> operations) {
    return new TransactionRequest(operations, Freshness.LINEARIZABLE);
  }

  public TransactionRequest withFreshness(Freshness newFreshness) {
    return new TransactionRequest(operations, newFreshness);
  }

  /** Whether no operation changes anything. */
  public boolean onlyReads() {
    return !changes(operations);
  }

  /** The operations that read or check, in order. */
  public List<TransactionOperation.Reading> readings() {
    return operations.stream()
        .filter(TransactionOperation.Reading.class::isInstance)
        .map(TransactionOperation.Reading.class::cast)
        .toList();
  }

  private static boolean changes(List<TransactionOperation> operations) {
    return operations.stream().anyMatch(TransactionOperation.Changing.class::isInstance);
  }
}
