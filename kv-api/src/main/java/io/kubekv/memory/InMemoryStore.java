package io.kubekv.memory;

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
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The port over an ordered map under one lock: the executable specification of every promise, and
 * the floor of every benchmark. Nothing outlives the object.
 *
 * <p>Expiry is exact: whatever is due is ended before any call looks at the state, so no call sees
 * an entry after its time. A store of {@link #open} also ends entries while nobody calls, for the
 * sake of watches; one of {@link #driven} does so when told by {@link #expireDue}.
 */
public final class InMemoryStore implements KeyValueStore {
  /**
   * What may be chosen.
   *
   * @param limits what the store accepts
   * @param historyBytes how much memory the history's events may hold on to
   * @param patience how long a read waits for a revision that the store has not reached
   */
  public record Settings(Limits limits, long historyBytes, Duration patience) {
    public static final Settings DEFAULT =
        new Settings(Limits.DEFAULT, 64L << 20, Duration.ofSeconds(5));

    public Settings withLimits(Limits newLimits) {
      return new Settings(newLimits, historyBytes, patience);
    }

    public Settings withHistoryBytes(long newHistoryBytes) {
      return new Settings(limits, newHistoryBytes, patience);
    }

    public Settings withPatience(Duration newPatience) {
      return new Settings(limits, historyBytes, newPatience);
    }
  }

  private final Settings settings;
  private final LongSupplier ticker;
  private final long origin;
  private final long id = ThreadLocalRandom.current().nextLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<HistoryWatch> waiting = new HashSet<>();
  private final Ledger ledger;
  private final Sessions sessions;
  private boolean closed;

  private InMemoryStore(Settings settings, InstantSource clock, LongSupplier ticker) {
    this.settings = settings;
    this.ticker = ticker;
    this.origin = ticker.getAsLong();
    this.ledger = new Ledger(settings.limits(), settings.historyBytes(), clock);
    this.sessions = new MemorySessions(this, ledger);
  }

  /** A store in real time. */
  public static InMemoryStore open() {
    return open(Settings.DEFAULT);
  }

  /** A store in real time; one virtual thread of its own ends entries until it is closed. */
  public static InMemoryStore open(Settings settings) {
    InMemoryStore store = new InMemoryStore(settings, InstantSource.system(), System::nanoTime);
    Thread.ofVirtual().name("kubekv-memory-expiry").start(store::expireUntilClosed);
    return store;
  }

  /**
   * A store in the caller's time, without a thread of its own.
   *
   * @param clock wall clock time, for display
   * @param ticker nanoseconds of a clock that never goes back; after moving it on, call {@link
   *     #expireDue}
   */
  public static InMemoryStore driven(Settings settings, InstantSource clock, LongSupplier ticker) {
    return new InMemoryStore(settings, clock, ticker);
  }

  /** Ends the entries whose time has come, and tells the watches. */
  public void expireDue() {
    locked(
        () -> {
          expire();
          return closed;
        });
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    settings.limits().check(key);
    return read(freshness, () -> new Lookup(ledger.contents().get(key), ledger.revision()));
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    return read(freshness, () -> ledger.contents().list(request, ledger.revision()));
  }

  @Override
  public Revision revision(Freshness freshness) {
    return read(freshness, ledger::revision);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    settings.limits().check(request);
    return change(() -> ledger.put(request, now()));
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    settings.limits().check(request.key());
    return change(() -> ledger.delete(request));
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    return change(() -> ledger.deleteRange(range));
  }

  @Override
  public Watch watch(WatchRequest request) {
    return read(Freshness.STALE, () -> new HistoryWatch(this, request, ledger));
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.ATOMIC_TREE_DELETE);
  }

  @Override
  public Limits limits() {
    return settings.limits();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public StoreStatus status() {
    return locked(
        () ->
            new StoreStatus(
                !closed,
                closed ? "the store is closed" : "",
                ledger.revision(),
                ledger.history().oldest(),
                ledger.contents().size()));
  }

  @Override
  public void close() {
    locked(
        () -> {
          closed = true;
          wakeAll();
          return closed;
        });
  }

  /** Waits for the next event of a watch of this store. */
  Optional<WatchEvent> await(HistoryWatch watch, Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = atMost.compareTo(Deadlines.LONGEST) < 0 ? atMost.toNanos() : Long.MAX_VALUE;
      while (!watch.ended()) {
        requireOpen();
        expire();
        Optional<WatchEvent> event = watch.poll(ledger);
        if (event.isPresent() || left <= 0) {
          return event;
        }
        waiting.add(watch);
        left = watch.changed().awaitNanos(left);
      }
      return Optional.empty();
    } finally {
      waiting.remove(watch);
      lock.unlock();
    }
  }

  /** Lets a waiting {@link #await} see that its watch was closed. */
  void wake(HistoryWatch watch) {
    locked(
        () -> {
          watch.changed().signal();
          return closed;
        });
  }

  /** Waits until something changes and {@code reached}; false when it has not within the time. */
  boolean await(BooleanSupplier reached, Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = atMost.compareTo(Deadlines.LONGEST) < 0 ? atMost.toNanos() : Long.MAX_VALUE;
      expire();
      while (!closed && !reached.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
        expire();
      }
      return !closed && reached.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /** A condition of its own for each watch, so that the end of one does not wake all. */
  Condition newCondition() {
    return lock.newCondition();
  }

  <T> T read(Freshness freshness, Supplier<T> question) {
    return locked(
        () -> {
          requireOpen();
          expire();
          if (freshness instanceof Freshness.AtLeast atLeast) {
            awaitRevision(atLeast.revision());
          }
          return question.get();
        });
  }

  <T> T change(Supplier<T> change) {
    return locked(
        () -> {
          requireOpen();
          expire();
          Revision before = ledger.revision();
          T outcome = change.get();
          if (ledger.revision().isAfter(before)) {
            wakeAll();
          }
          return outcome;
        });
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new UnavailableException("the store is closed");
    }
  }

  private void awaitRevision(Revision wanted) {
    long left = settings.patience().toNanos();
    while (ledger.revision().isBefore(wanted)) {
      if (left <= 0) {
        throw new UnavailableException(
            "the store is at revision " + ledger.revision() + ", not yet at " + wanted);
      }
      try {
        left = changed.awaitNanos(left);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new UnavailableException("interrupted while waiting for revision " + wanted);
      }
      requireOpen();
      expire();
    }
  }

  private void expire() {
    if (ledger.expire(now())) {
      wakeAll();
    }
  }

  private void wakeAll() {
    changed.signalAll();
    waiting.forEach(watch -> watch.changed().signal());
  }

  /** Nanoseconds since the store was made. */
  long now() {
    return ticker.getAsLong() - origin;
  }

  private void expireUntilClosed() {
    lock.lock();
    try {
      while (!closed) {
        expire();
        changed.awaitNanos(ledger.nanosUntilNext(now()));
      }
    } catch (InterruptedException unexpected) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
