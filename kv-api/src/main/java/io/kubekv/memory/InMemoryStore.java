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
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

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
  private final long id = ThreadLocalRandom.current().nextLong();
  private final Ledger ledger;
  private final Monitor monitor;
  private final Transactions transactions;
  private final Sessions sessions;

  private InMemoryStore(Settings settings, InstantSource clock, LongSupplier ticker) {
    this.settings = settings;
    this.ledger = new Ledger(settings.limits(), settings.historyBytes(), clock);
    this.monitor = new Monitor(ledger, ticker, settings.patience());
    this.transactions = new Transactions(ledger);
    this.sessions = new MemorySessions(monitor, ledger, settings.limits());
  }

  /** A store in real time. */
  public static InMemoryStore open() {
    return open(Settings.DEFAULT);
  }

  /** A store in real time; one virtual thread of its own ends entries until it is closed. */
  public static InMemoryStore open(Settings settings) {
    InMemoryStore store = new InMemoryStore(settings, InstantSource.system(), System::nanoTime);
    Thread.ofVirtual().name("kubekv-memory-expiry").start(store.monitor::expireUntilClosed);
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
    monitor.expireDue();
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    settings.limits().check(key);
    return monitor.read(freshness, () -> lookup(key));
  }

  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    settings.limits().check(key);
    return monitor.readAtOnce(() -> lookup(key));
  }

  private Lookup lookup(Key key) {
    return new Lookup(ledger.contents().get(key), ledger.revision());
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    return monitor.read(freshness, () -> ledger.contents().list(request, ledger.revision()));
  }

  @Override
  public Optional<Listing> listAtOnce(ListRequest request, int most) {
    return monitor
        .readAtOnce(() -> ledger.contents().list(request, ledger.revision()))
        .filter(listing -> listing.entries().size() + listing.prefixes().size() <= most);
  }

  @Override
  public Revision revision(Freshness freshness) {
    return monitor.read(freshness, ledger::revision);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    settings.limits().check(request);
    return monitor.change(() -> ledger.put(request, monitor.now()));
  }

  /** A change never waits longer than another takes. */
  @Override
  public Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    return Optional.of(CompletableFuture.completedFuture(put(request)));
  }

  @Override
  public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    return Optional.of(CompletableFuture.completedFuture(delete(request)));
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    settings.limits().check(request.key());
    return monitor.change(() -> ledger.delete(request));
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    return monitor.change(() -> ledger.deleteRange(range));
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    settings.limits().check(request);
    return request.onlyReads()
        ? monitor.read(request.freshness(), () -> transactions.run(request, monitor.now()))
        : monitor.change(() -> transactions.run(request, monitor.now()));
  }

  @Override
  public Watch watch(WatchRequest request) {
    return monitor.read(Freshness.STALE, () -> new HistoryWatch(monitor, request, ledger));
  }

  @Override
  public Sessions sessions() {
    return sessions;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.ATOMIC_TREE_DELETE, Capability.ANY_TRANSACTION);
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
    return monitor.look(
        () ->
            new StoreStatus(
                !monitor.isClosed(),
                monitor.isClosed() ? "the store is closed" : "",
                ledger.revision(),
                ledger.history().oldest(),
                ledger.contents().size(),
                ledger.contents().bytes() + ledger.sessions().bytes()));
  }

  @Override
  public void close() {
    monitor.close();
  }
}
