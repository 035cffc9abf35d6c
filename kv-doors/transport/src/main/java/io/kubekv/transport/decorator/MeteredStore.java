package io.kubekv.transport.decorator;

import io.kubekv.Await;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRangeRequest;
import io.kubekv.DeleteRequest;
import io.kubekv.DirectoryLookup;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A store that times every call of another: {@code kubekv_store_seconds} by operation and outcome
 * (done, refused, failed), and counts its open watches. A refusal is an outcome, not an error, and
 * nothing is logged here.
 */
public final class MeteredStore extends DelegatingStore {
  private enum Operation {
    GET,
    LIST,
    DIRECTORY,
    PUT,
    DELETE,
    DELETE_RANGE,
    TRANSACT,
    COMPACT
  }

  private enum Outcome {
    DONE,
    REFUSED,
    FAILED
  }

  private final AtomicInteger watches = new AtomicInteger();
  private final Counter unknown;
  private final Map<Operation, Map<Outcome, Timer>> timers = new EnumMap<>(Operation.class);

  /** Takes over the store: closing this closes it. */
  public MeteredStore(KeyValueStore store, MeterRegistry registry) {
    super(store);
    Gauge.builder("kubekv.store.watches", watches, AtomicInteger::get)
        .description("Watches open on the store; all clients' watches share one")
        .register(registry);
    unknown =
        Counter.builder("kubekv.unknown.outcomes")
            .description("Changes of which nobody knows whether they were made")
            .register(registry);
    for (Operation operation : Operation.values()) {
      Map<Outcome, Timer> byOutcome = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        byOutcome.put(outcome, timer(registry, operation, outcome));
      }
      timers.put(operation, byOutcome);
    }
  }

  private static Timer timer(MeterRegistry registry, Operation operation, Outcome outcome) {
    return Timer.builder("kubekv.store")
        .description("Time that the store took for an operation")
        .tag("operation", operation.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  @Override
  public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
    return timed(Operation.GET, () -> inner().get(key, freshness), found -> false);
  }

  @Override
  public CompletableFuture<Listing> list(ListRequest request, Freshness freshness) {
    return timed(Operation.LIST, () -> inner().list(request, freshness), listing -> false);
  }

  @Override
  public CompletableFuture<DirectoryLookup> directory(Prefix directory, Freshness freshness) {
    return timed(
        Operation.DIRECTORY, () -> inner().directory(directory, freshness), found -> false);
  }

  @Override
  public CompletableFuture<PutOutcome> put(PutRequest request) {
    return timed(Operation.PUT, () -> inner().put(request), outcome -> outcome instanceof Refused);
  }

  @Override
  public CompletableFuture<DeleteOutcome> delete(DeleteRequest request) {
    return timed(
        Operation.DELETE, () -> inner().delete(request), outcome -> outcome instanceof Refused);
  }

  @Override
  public CompletableFuture<RangeDeleted> deleteRange(DeleteRangeRequest request) {
    return timed(Operation.DELETE_RANGE, () -> inner().deleteRange(request), deleted -> false);
  }

  @Override
  public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
    return timed(
        Operation.TRANSACT,
        () -> inner().transact(request),
        outcome -> outcome instanceof TransactionOutcome.RolledBack);
  }

  @Override
  public CompletableFuture<Revision> compact(Revision first) {
    return timed(Operation.COMPACT, () -> inner().compact(first), forgotten -> false);
  }

  @Override
  public Watch watch(WatchRequest request) {
    return new CountedWatch(inner().watch(request), watches);
  }

  private <T> CompletableFuture<T> timed(
      Operation operation, Supplier<CompletableFuture<T>> call, Predicate<T> refused) {
    long start = System.nanoTime();
    return call.get()
        .whenComplete(
            (outcome, failed) -> {
              if (failed != null) {
                failed(operation, Await.cause(failed), start);
              } else {
                record(operation, refused.test(outcome) ? Outcome.REFUSED : Outcome.DONE, start);
              }
            });
  }

  private void failed(Operation operation, Throwable failure, long start) {
    record(operation, Outcome.FAILED, start);
    if (failure instanceof OutcomeUnknownException) {
      unknown.increment();
    }
  }

  private void record(Operation operation, Outcome outcome, long start) {
    Map<Outcome, Timer> byOutcome = timers.get(operation);
    Timer timer = byOutcome == null ? null : byOutcome.get(outcome);
    if (timer != null) {
      timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }
}
