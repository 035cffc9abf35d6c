package io.kubekv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Operations that happen together or not at all, in this order.
 *
 * @param operations at most {@link #MAX_OPERATIONS}, those of choices included; immutable
 * @param freshness how recent the state must be that a transaction reads which only reads; {@link
 *     Freshness#LINEARIZABLE} for all others
 * @param author who makes all its changes, whatever its puts and deletes say
 */
public record TransactionRequest(
    List<TransactionOperation> operations, Freshness freshness, Author author) {
  /**
   * How many operations a transaction may have, both sides of choices included: four times the 128
   * that etcd v3 takes on each side, since some of its operations are two here.
   */
  public static final int MAX_OPERATIONS = 512;

  /** How many comparisons all choices of a transaction may have together. */
  public static final int MAX_COMPARISONS = 128;

  /** How many choices may be within each other. */
  public static final int MAX_NESTING = 8;

  public TransactionRequest {
    operations = List.copyOf(operations);
    if (changes(all(operations)) && !freshness.equals(Freshness.LINEARIZABLE)) {
      throw new IllegalArgumentException("a transaction that changes something is linearizable");
    }
  }

  /** A transaction of which nobody says who makes it. */
  public TransactionRequest(List<TransactionOperation> operations, Freshness freshness) {
    this(operations, freshness, Author.NONE);
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
    return new TransactionRequest(operations, newFreshness, author);
  }

  /** The same by somebody. */
  public TransactionRequest withAuthor(Author newAuthor) {
    return new TransactionRequest(operations, freshness, newAuthor);
  }

  /** Other operations in their place. */
  public TransactionRequest withOperations(List<TransactionOperation> newOperations) {
    return new TransactionRequest(newOperations, freshness, author);
  }

  /** Whether no operation changes anything. */
  public boolean onlyReads() {
    return !changes(all());
  }

  /**
   * Every operation, whichever side of a choice it is on, in the order in which they are numbered:
   * a choice, what is done when it holds, what is done otherwise, and then what comes after it.
   */
  public List<TransactionOperation> all() {
    return all(operations);
  }

  private static List<TransactionOperation> all(List<TransactionOperation> operations) {
    if (!holds(operations, TransactionOperation.Choice.class)) {
      return operations; // as most are
    }
    List<TransactionOperation> all = new ArrayList<>();
    operations.forEach(operation -> addAll(operation, all));
    return all;
  }

  private static void addAll(TransactionOperation operation, List<TransactionOperation> all) {
    all.add(operation);
    if (operation instanceof TransactionOperation.Choice choice) {
      choice.then().forEach(each -> addAll(each, all));
      choice.otherwise().forEach(each -> addAll(each, all));
    }
  }

  /** Every comparison, in the order of the choices. */
  public List<Comparison> comparisons() {
    if (!holds(operations, TransactionOperation.Choice.class)) {
      return List.of();
    }
    return all().stream()
        .filter(TransactionOperation.Choice.class::isInstance)
        .flatMap(choice -> ((TransactionOperation.Choice) choice).comparisons().stream())
        .toList();
  }

  /** Every put, whichever side of a choice it is on. */
  public List<PutRequest> puts() {
    return all().stream()
        .filter(TransactionOperation.Put.class::isInstance)
        .map(put -> ((TransactionOperation.Put) put).request())
        .toList();
  }

  /** How many bytes the values and the metadata have that it puts and sets. */
  public long contentBytes() {
    long bytes = 0;
    for (TransactionOperation each : all()) {
      bytes += contentBytes(each);
    }
    return bytes;
  }

  private static long contentBytes(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Put put -> put.request().contentBytes();
      case TransactionOperation.SetMetadata set -> set.content().size();
      case TransactionOperation.Delete delete -> 0;
      case TransactionOperation.DeleteRange delete -> 0;
      case TransactionOperation.Choice choice -> 0; // what it does counts itself
      case TransactionOperation.Reading reading -> 0;
    };
  }

  private static boolean changes(List<TransactionOperation> operations) {
    return holds(operations, TransactionOperation.Changing.class);
  }

  private static boolean holds(
      List<TransactionOperation> operations, Class<? extends TransactionOperation> kind) {
    for (TransactionOperation each : operations) {
      if (kind.isInstance(each)) {
        return true;
      }
    }
    return false;
  }
}
