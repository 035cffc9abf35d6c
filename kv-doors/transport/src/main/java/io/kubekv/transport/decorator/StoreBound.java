package io.kubekv.transport.decorator;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.LimitExceededException;
import io.kubekv.Lookup;
import io.kubekv.Naming;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.SessionSpec;
import io.kubekv.StoredSize;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.LimitHits;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many bytes a store may hold, as {@link io.kubekv.StoreStatus#bytes} counts them, so that its
 * index never fills the heap. What would add more is refused before it reaches the store; deletes,
 * and puts that do not add anything, always pass. What is under way counts as if it were there, so
 * that those who come together do not pass together. Thread-safe.
 */
public final class StoreBound {
  private static final Logger log = LoggerFactory.getLogger(StoreBound.class);

  private final KeyValueStore store;
  private final long max;
  private final LimitHits hits;
  private final AtomicLong underWay = new AtomicLong();
  private final AtomicBoolean full = new AtomicBoolean();
  private final Set<Key> freedBySomebody = ConcurrentHashMap.newKeySet();

  /**
   * @param store the same as those whose changes it admits; its reads are nobody's
   * @param max bytes that the store may hold
   */
  public StoreBound(KeyValueStore store, long max, LimitHits hits) {
    this.store = store;
    this.max = max;
    this.hits = hits;
  }

  /** What a change adds to the store, until it is there or has failed. */
  @FunctionalInterface
  interface Share extends AutoCloseable {
    @Override
    void close();
  }

  public long max() {
    return max;
  }

  /** Lets a put pass, or throws {@link LimitExceededException}. */
  Share admit(PutRequest put) {
    return admit(put, StoreBound::most, this::added);
  }

  /** The same without a look at what is there: empty when that has to be looked at. */
  Optional<Share> admitAtOnce(PutRequest put) {
    Optional<Share> share = reserve(most(put));
    share.ifPresent(admitted -> passed());
    return share;
  }

  Share admit(TransactionRequest transaction) {
    Set<Key> freed = new HashSet<>();
    boolean admitted = false;
    try {
      Share bytes =
          admit(
              transaction,
              StoreBound::most,
              all -> added(all.operations(), new Gone()) - freed(all, freed));
      admitted = true;
      return () -> {
        bytes.close();
        freed.forEach(freedBySomebody::remove);
      };
    } finally {
      if (!admitted) {
        freed.forEach(freedBySomebody::remove);
      }
    }
  }

  Share admit(SessionSpec session) {
    return admit(session, StoredSize::of, StoredSize::of);
  }

  private <T> Share admit(T change, ToLongFunction<T> most, ToLongFunction<T> added) {
    Optional<Share> share = reserve(most.applyAsLong(change));
    if (share.isPresent()) {
      passed();
      return share.get();
    }
    long adds = added.applyAsLong(change);
    return adds <= 0 ? () -> {} : reserve(adds).orElseThrow(() -> refused(adds));
  }

  private Optional<Share> reserve(long bytes) {
    long coming = underWay.addAndGet(bytes); // first: what is done meanwhile counts at least once
    if (coming + store.status().bytes() > max) {
      underWay.addAndGet(-bytes);
      return Optional.empty();
    }
    AtomicBoolean closed = new AtomicBoolean();
    return Optional.of(
        () -> {
          if (closed.compareAndSet(false, true)) {
            underWay.addAndGet(-bytes);
          }
        });
  }

  private void passed() {
    if (full.get() && full.compareAndSet(true, false)) {
      log.info("the store has room again: it holds {} of {} bytes", store.status().bytes(), max);
    }
  }

  private LimitExceededException refused(long adds) {
    hits.refused(Limit.STORE_BYTES);
    long held = store.status().bytes();
    if (full.compareAndSet(false, true)) {
      log.warn(
          "the store is full: it holds {} of {} bytes, and {} more have no room. What adds to it is"
              + " refused until values are deleted or made smaller, or kubekv gets more memory"
              + " (-Xmx, or its container's limit) or a larger --max-store-bytes",
          held,
          max,
          adds);
    }
    return new LimitExceededException("store size", "bytes", held + underWay.get() + adds, max);
  }

  /** The most that a transaction may add: as if nothing were there, and all were done. */
  private static long most(TransactionRequest transaction) {
    return transaction.all().stream().mapToLong(StoreBound::most).sum();
  }

  /** Keys of which what is there is counted as gone already: it goes away once. */
  private static final class Gone {
    private final Set<Key> entries = new HashSet<>();
    private final Set<Key> metadata = new HashSet<>();

    Gone copy() {
      Gone copy = new Gone();
      copy.addAll(this);
      return copy;
    }

    void addAll(Gone other) {
      entries.addAll(other.entries);
      metadata.addAll(other.metadata);
    }
  }

  /**
   * What puts that happen together add to what is there, as far as this server knows. What a key
   * has goes away once, however often the key is put.
   *
   * @param gone what is counted as gone already; gets what these replace
   */
  private long added(List<TransactionOperation> operations, Gone gone) {
    long bytes = 0;
    for (TransactionOperation operation : operations) {
      bytes +=
          switch (operation) {
            case TransactionOperation.Put put -> added(put.request(), gone);
            case TransactionOperation.SetMetadata set -> added(set, gone);
            default -> 0;
          };
    }
    for (TransactionOperation operation : operations) {
      if (operation instanceof TransactionOperation.Choice choice) {
        bytes += added(choice, gone);
      }
    }
    return bytes;
  }

  /** What the side of a choice adds that adds more; neither makes room for anything else. */
  private long added(TransactionOperation.Choice choice, Gone gone) {
    Gone byThen = gone.copy();
    Gone byOtherwise = gone.copy();
    long then = added(choice.then(), byThen);
    long otherwise = added(choice.otherwise(), byOtherwise);
    gone.addAll(byThen);
    gone.addAll(byOtherwise);
    return Math.max(0, Math.max(then, otherwise));
  }

  /**
   * What a transaction's deletes free, at least: the values, since their metadata may be counted as
   * replaced already. Of those who delete the same key at the same time, one frees it. What a
   * choice deletes may stay.
   *
   * @param freed gets the keys that this one frees
   */
  private long freed(TransactionRequest transaction, Set<Key> freed) {
    Set<Key> deleted = new HashSet<>();
    for (TransactionOperation operation : transaction.operations()) {
      if (operation instanceof TransactionOperation.Delete one) {
        deleted.add(one.request().key());
      }
    }
    for (PutRequest put : transaction.puts()) {
      if (put.naming() == Naming.GIVEN) {
        deleted.remove(put.key()); // that it replaces it is counted already
      }
    }
    long bytes = 0;
    for (Key key : deleted) {
      if (freedBySomebody.add(key)) {
        freed.add(key);
        bytes += present(key).map(entry -> entry.value().size()).orElse(0);
      }
    }
    return bytes;
  }

  /** The most that a put may add: as if nothing were there. */
  private static long most(PutRequest put) {
    long entry = StoredSize.most(put);
    return put.layout() == Layout.TREE
        ? entry + (put.key().depth() - 1L) * StoredSize.of(put.key(), 0)
        : entry;
  }

  /** What a put adds to what is there, as far as this server knows. */
  private long added(PutRequest put) {
    return added(put, new Gone());
  }

  private long added(PutRequest put, Gone gone) {
    if (put.mode() == PutMode.REFRESH) {
      return 0;
    }
    // the store names what is new, and what is there goes away once
    boolean replaces = put.naming() == Naming.GIVEN && gone.entries.add(put.key());
    Optional<Entry> there = replaces ? present(put.key()) : Optional.empty();
    long added = there.map(entry -> grown(put, entry)).orElseGet(() -> StoredSize.most(put));
    Optional<Key> parent = put.layout() == Layout.TREE ? put.key().parent() : Optional.empty();
    while (parent.isPresent() && present(parent.get()).isEmpty()) {
      added += StoredSize.of(parent.get(), 0);
      parent = parent.get().parent();
    }
    return added;
  }

  /** What a put adds to an entry that is there; at most, as if it were deleted before. */
  private static long grown(PutRequest put, Entry present) {
    long metadata = put.metadata().size() == 0 ? 0 : StoredSize.ofMetadata(put.metadata());
    return (long) put.value().size()
        - present.value().size()
        + Math.max(0, metadata - StoredSize.ofMetadata(present));
  }

  private static long most(TransactionOperation operation) {
    return switch (operation) {
      case TransactionOperation.Put put -> most(put.request());
      case TransactionOperation.SetMetadata set -> StoredSize.ofMetadata(set.content());
      default -> 0;
    };
  }

  private long added(TransactionOperation.SetMetadata set, Gone gone) {
    long before =
        gone.metadata.add(set.key())
            ? present(set.key()).map(StoredSize::ofMetadata).orElse(0L)
            : 0;
    return StoredSize.ofMetadata(set.content()) - before;
  }

  /** What a key has, as far as this server knows, which is known at once. */
  Optional<Entry> present(Key key) {
    return Await.read(store.get(key, Freshness.STALE)).entry();
  }

  /** The same; empty also when nothing is known. */
  Optional<Lookup> known(Key key) {
    CompletableFuture<Lookup> known = store.get(key, Freshness.STALE);
    return known.isDone() && !known.isCompletedExceptionally()
        ? Optional.of(known.join())
        : Optional.empty();
  }
}
