package io.kubekv.etcdv2;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.transport.access.GuardedStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lookups of one request that an event loop answers. Where an answer has not come, the work
 * ends in {@link NotYet}, and is done again when it has; what was waited for is not asked again.
 * Where one is long, the work ends in {@link TooLong}, and is done again by a thread, on the same
 * lookups. Used by one thread at a time.
 */
final class LookupsOnLoop implements Lookups {
  /** How many entries are rendered in less time than a change of threads takes, or nearly. */
  private static final int SHORT = 200;

  private final KeyValueStore store;
  private final Map<Object, CompletableFuture<?>> asked = new HashMap<>();
  private @Nullable LookupsOnLoop own;
  private boolean waiting;

  LookupsOnLoop(KeyValueStore store) {
    this.store = store;
  }

  /** Nothing has been answered: the answer of the store is on its way. */
  static final class NotYet extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient CompletableFuture<?> coming;

    NotYet(CompletableFuture<?> coming) {
      super("the answer of the store is on its way", null, false, false);
      this.coming = coming;
    }

    CompletableFuture<?> coming() {
      return coming;
    }
  }

  /** Nothing has been answered: the answer is long, and the work of a thread. */
  static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("the answer is long", null, false, false);
    }
  }

  /** From now on a thread does the work, which may wait and take long. */
  void mayWait() {
    waiting = true;
    if (own != null) {
      own.waiting = true;
    }
  }

  @Override
  public Lookup get(Key key) {
    return known(
        key, () -> store.get(key, Freshness.LINEARIZABLE), found -> Lookups.isShort(found.entry()));
  }

  @Override
  public Listing list(ListRequest request) {
    ListRequest wanted = waiting ? request : request.withLimit(SHORT);
    return known(
        wanted,
        () -> store.list(wanted, Freshness.LINEARIZABLE),
        found -> !found.more() && Lookups.isShort(found.entries()));
  }

  private <T> T known(
      Object question, Supplier<CompletableFuture<T>> asking, Predicate<T> isShort) {
    @SuppressWarnings("unchecked") // a question has one kind of answer
    CompletableFuture<T> coming =
        (CompletableFuture<T>) asked.computeIfAbsent(question, unknown -> asking.get());
    if (waiting) {
      return Await.read(coming);
    }
    if (!coming.isDone()) {
      throw new NotYet(coming);
    }
    T found = Await.read(coming);
    if (!isShort.test(found)) {
      throw new TooLong();
    }
    return found;
  }

  /** Ends the work of an event loop that would have to render this. */
  void requireShort(boolean isShort) {
    if (!waiting && !isShort) {
      throw new TooLong();
    }
  }

  @Override
  public Lookups own() {
    if (own == null) {
      KeyValueStore view = GuardedStore.forOwnLookups(store);
      own = view.equals(store) ? this : new LookupsOnLoop(view);
      own.waiting = waiting;
    }
    return own;
  }
}
