package io.kubekv.server.decorator;

import io.kubekv.Capability;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreException;
import io.kubekv.StoreStatus;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A store that times every call of another: {@code kubekv_store_seconds} by operation and outcome
 * (done, refused, failed), and counts its open watches. A refusal is an outcome, not an error, and
 * nothing is logged here.
 */
public final class MeteredStore implements KeyValueStore {
  private enum Operation {
    GET,
    LIST,
    PUT,
    DELETE,
    DELETE_RANGE,
    TRANSACT
  }

  private enum Outcome {
    DONE,
    REFUSED,
    FAILED
  }

  private final KeyValueStore store;
  private final AtomicInteger watches = new AtomicInteger();
  private final Counter unknown;
  private final Map<Operation, Map<Outcome, Timer>> timers = new EnumMap<>(Operation.class);

  /** Takes over the store: closing this closes it. */
  public MeteredStore(KeyValueStore store, MeterRegistry registry) {
    this.store = store;
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
  public Lookup get(Key key, Freshness freshness) {
    return timed(Operation.GET, () -> store.get(key, freshness), found -> false);
  }

  /** One without an answer is counted too; the get that follows it is another. */
  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    return timed(Operation.GET, () -> store.getAtOnce(key), found -> false);
  }

  @Override
  public Optional<CompletableFuture<Lookup>> beginGet(Key key, Executor executor) {
    return followed(Operation.GET, () -> store.beginGet(key, executor), found -> false);
  }

  @Override
  public Optional<Listing> listAtOnce(ListRequest request, int most) {
    long start = System.nanoTime();
    Optional<Listing> listing = store.listAtOnce(request, most);
    listing.ifPresent(done -> record(Operation.LIST, Outcome.DONE, start));
    return listing;
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    return timed(Operation.LIST, () -> store.list(request, freshness), listing -> false);
  }

  @Override
  public Revision revision(Freshness freshness) {
    return store.revision(freshness);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    return timed(Operation.PUT, () -> store.put(request), outcome -> outcome instanceof Refused);
  }

  @Override
  public Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    return followed(
        Operation.PUT,
        () -> store.putAtOnce(request, executor),
        outcome -> outcome instanceof Refused);
  }

  @Override
  public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    return followed(
        Operation.DELETE,
        () -> store.deleteAtOnce(request, executor),
        outcome -> outcome instanceof Refused);
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    return timed(
        Operation.DELETE, () -> store.delete(request), outcome -> outcome instanceof Refused);
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    return timed(Operation.DELETE_RANGE, () -> store.deleteRange(range), deleted -> false);
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    return timed(
        Operation.TRANSACT,
        () -> store.transact(request),
        outcome -> outcome instanceof TransactionOutcome.RolledBack);
  }

  @Override
  public Watch watch(WatchRequest request) {
    return new CountedWatch(store.watch(request), watches);
  }

  @Override
  public Sessions sessions() {
    return store.sessions();
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public Limits limits() {
    return store.limits();
  }

  @Override
  public long id() {
    return store.id();
  }

  @Override
  public StoreStatus status() {
    return store.status();
  }

  @Override
  public void close() {
    store.close();
  }

  private <T> T timed(Operation operation, Supplier<T> call, Function<T, Boolean> refused) {
    long start = System.nanoTime();
    try {
      T result = call.get();
      record(operation, refused.apply(result) ? Outcome.REFUSED : Outcome.DONE, start);
      return result;
    } catch (StoreException failure) {
      failed(operation, failure, start);
      throw failure;
    }
  }

  /** One that is not begun is not counted: the call that follows it is. */
  private <T> Optional<CompletableFuture<T>> followed(
      Operation operation,
      Supplier<Optional<CompletableFuture<T>>> call,
      Function<T, Boolean> refused) {
    long start = System.nanoTime();
    Optional<CompletableFuture<T>> begun = call.get();
    return begun.map(
        coming ->
            coming.whenComplete(
                (outcome, failed) -> {
                  if (failed != null) {
                    failed(operation, cause(failed), start);
                  } else {
                    record(
                        operation, refused.apply(outcome) ? Outcome.REFUSED : Outcome.DONE, start);
                  }
                }));
  }

  private static Throwable cause(Throwable failed) {
    Throwable cause = failed.getCause();
    return failed instanceof CompletionException && cause != null ? cause : failed;
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
