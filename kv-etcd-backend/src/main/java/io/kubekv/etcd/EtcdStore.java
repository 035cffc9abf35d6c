package io.kubekv.etcd;

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
import io.kubekv.TransactionRules;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The port on etcd v3: each entry is one key of etcd, a change is one transaction, revisions are
 * etcd's own. Any number of processes may open the same store; none is above the others.
 *
 * <p>An entry ends at the earliest when its time to live has passed, at the latest 2.5 seconds
 * later, or where etcd's shortest lease is longer (it follows from etcd's election timeout), when
 * that has passed; another second later when the process that put it is gone.
 */
public final class EtcdStore implements KeyValueStore {
  private final EtcdStoreConfig config;
  private final Machinery machinery;

  private EtcdStore(EtcdStoreConfig config, Machinery machinery) {
    this.config = config;
    this.machinery = machinery;
  }

  /**
   * Opens a store. Blocks until it is ready, at most for the configured patience; after that it
   * goes on trying in the background, and {@link #status} says what it waits for.
   */
  public static EtcdStore open(EtcdAccess access, EtcdStoreConfig config) {
    return open(GrpcEtcd.connect(access), config);
  }

  static EtcdStore open(Etcd etcd, EtcdStoreConfig config) {
    Machinery machinery = new Machinery(etcd, config);
    machinery.start();
    try {
      machinery.health.awaitReady(Deadline.in(config.patience()));
    } catch (UnavailableException notYet) {
      machinery.reportWaiting();
    }
    return new EtcdStore(config, machinery);
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    config.limits().check(key);
    return read(
        freshness,
        () ->
            new Lookup(
                machinery.index.entry(key).map(EntryRecord::entry), machinery.index.revision()),
        deadline -> machinery.reads.get(key, deadline),
        Lookup::revision);
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    return read(
        freshness,
        () -> machinery.index.list(request),
        deadline -> machinery.reads.list(request, deadline),
        Listing::revision);
  }

  @Override
  public Revision revision(Freshness freshness) {
    return read(freshness, machinery.index::revision, machinery.reads::revision, at -> at);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    config.limits().check(request);
    PutChange change = new PutChange(request, config.limits(), machinery.index, machinery.keys);
    return machinery.writes.run(change, deadline());
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    config.limits().check(request.key());
    return machinery.writes.run(new DeleteChange(request, machinery.keys), deadline());
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    return machinery.ranges.delete(range);
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    config.limits().check(request);
    TransactionRules.requireEachKeyOnce(request);
    if (!request.onlyReads()) {
      SeveralKeysTransaction change =
          new SeveralKeysTransaction(request, config.limits(), machinery.index, machinery.keys);
      return machinery.writes.run(change, deadline());
    }
    return read(
        request.freshness(),
        () -> machinery.snapshots.known(request),
        deadline -> machinery.snapshots.asked(request, deadline),
        EtcdStore::revision);
  }

  private static Revision revision(TransactionOutcome outcome) {
    return switch (outcome) {
      case TransactionOutcome.Committed committed -> committed.revision();
      case TransactionOutcome.RolledBack rolledBack -> rolledBack.revision();
    };
  }

  @Override
  public Watch watch(WatchRequest request) {
    return machinery.watches.open(request, deadline());
  }

  @Override
  public Sessions sessions() {
    return machinery.sessions;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.ATOMIC_TREE_DELETE, Capability.SEVERAL_KEYS_TRANSACTION, Capability.DURABLE);
  }

  @Override
  public Limits limits() {
    return config.limits();
  }

  /** Made of the prefix and of etcd's own number for its cluster, which a restore changes. */
  @Override
  public long id() {
    return machinery.id();
  }

  @Override
  public StoreStatus status() {
    return machinery.status();
  }

  /** This process's name in etcd: that of its key {@code guard/PROCESS}. */
  public String process() {
    return machinery.process;
  }

  /**
   * Tells the other processes that serve this store what this one is, until it is closed, and
   * learns what they are. Once at most. Blocks for a request's time at most; what fails is tried
   * again in the background.
   *
   * @param description 8 KiB at most
   */
  public void join(String description) {
    machinery.join(description);
  }

  /**
   * What each process that serves the store says of itself, by its name. Processes that have
   * stopped are gone within a second, those that have vanished within some ten. Does not block;
   * empty before {@link #join}.
   */
  public Map<String, String> members() {
    return machinery.members();
  }

  /** How etcd itself is. Asks every member; takes two seconds at most, and never fails. */
  public EtcdCluster cluster() {
    return machinery.cluster();
  }

  @Override
  public void close() {
    machinery.close();
  }

  private <T> T read(
      Freshness freshness,
      Supplier<T> known,
      Function<Deadline, T> asked,
      Function<T, Revision> revision) {
    if (machinery.index.suits(freshness)) {
      return machinery.index.read(known);
    }
    Deadline deadline = deadline();
    while (true) {
      T answer = asked.apply(deadline);
      if (!(freshness instanceof Freshness.AtLeast atLeast)
          || !revision.apply(answer).isBefore(atLeast.revision())) {
        return answer;
      }
      if (!machinery.health.pause(deadline)) {
        throw new UnavailableException(
            "etcd is at revision " + revision.apply(answer) + ", not yet at " + atLeast.revision());
      }
    }
  }

  private Deadline deadline() {
    return Deadline.in(config.patience());
  }
}
