package io.kubekv.k8s;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.Capability;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.QuarantinedException;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.Sessions;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.TransactionRules;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The port on custom resources of a Kubernetes API: each key is one object of type {@code
 * KeyValue}, the namespace is the store, an object's resourceVersion is its revision.
 *
 * <p>One process at a time is active: it holds the store's Lease, answers reads from memory and
 * writes through the API. A call to one that is not active waits, at most for {@link
 * KubernetesStoreConfig#patience}, and then fails with {@link UnavailableException}.
 */
public final class KubernetesStore implements KeyValueStore {
  private final KubernetesStoreConfig config;
  private final Machinery machinery;
  private final OneKeyTransactions transactions;

  private KubernetesStore(KubernetesStoreConfig config, Machinery machinery) {
    this.config = config;
    this.machinery = machinery;
    this.transactions = new OneKeyTransactions(machinery, this::lookup);
  }

  /**
   * Opens the store of a namespace. Blocks until it is active, at most for the configured patience;
   * after that it goes on trying in the background, and {@link #status} says what it waits for. One
   * of several replicas does not wait when another one is active.
   *
   * @param client stays the caller's, who closes it after the store; it must not repeat requests:
   *     {@code requestRetryBackoffLimit} 0
   */
  public static KubernetesStore open(KubernetesClient client, KubernetesStoreConfig config) {
    return open(client, client, config);
  }

  /**
   * As above.
   *
   * @param leases the client that renews the lease, which nothing else should hold up
   */
  public static KubernetesStore open(
      KubernetesClient client, KubernetesClient leases, KubernetesStoreConfig config) {
    return open(client, leases, config, StoreObserver.NONE);
  }

  /**
   * As above.
   *
   * @param observer hears what the store does
   */
  public static KubernetesStore open(
      KubernetesClient client,
      KubernetesClient leases,
      KubernetesStoreConfig config,
      StoreObserver observer) {
    Deadline deadline = Deadline.in(config.patience());
    if (config.installDefinition()) {
      DefinitionInstall.run(client, deadline);
    }
    return open(
        new HttpKubernetesApi(client, config.namespace(), config.requestTimeout()),
        new KubernetesLeaseApi(leases, config.namespace(), config.lease()),
        Clocks.system(),
        config,
        observer,
        deadline);
  }

  static KubernetesStore open(
      KubernetesApi api, LeaseApi leaseApi, Clocks clocks, KubernetesStoreConfig config) {
    return open(api, leaseApi, clocks, config, StoreObserver.NONE, Deadline.in(config.patience()));
  }

  private static KubernetesStore open(
      KubernetesApi api,
      LeaseApi leaseApi,
      Clocks clocks,
      KubernetesStoreConfig config,
      StoreObserver observer,
      Deadline deadline) {
    Machinery machinery = new Machinery(api, leaseApi, clocks, config, observer);
    machinery.start();
    KubernetesStore store = new KubernetesStore(config, machinery);
    store.awaitReady(deadline);
    return store;
  }

  /** How the store's machinery is now. Cheap. */
  public StoreFigures figures() {
    return machinery.figures();
  }

  /** This process as one of the store's replicas. */
  public Replica replica() {
    return machinery.replica;
  }

  @Override
  public Lookup get(Key key, Freshness freshness) {
    config.limits().check(key);
    return machinery.reads.read(freshness, now -> lookup(key, now));
  }

  @Override
  public Optional<Lookup> getAtOnce(Key key) {
    config.limits().check(key);
    return machinery.reads.atOnce(now -> lookup(key, now));
  }

  @Override
  public Listing list(ListRequest request, Freshness freshness) {
    return machinery.reads.read(freshness, now -> now.list(request));
  }

  @Override
  public Optional<Listing> listAtOnce(ListRequest request, int most) {
    return machinery.reads.atOnce(now -> now.list(request, most)).flatMap(few -> few);
  }

  @Override
  public Revision revision(Freshness freshness) {
    return machinery.reads.read(freshness, Snapshot::revision);
  }

  @Override
  public PutOutcome put(PutRequest request) {
    config.limits().check(request);
    PutOutcome outcome = machinery.writes.put(request, deadline());
    acknowledged(outcome);
    return outcome;
  }

  @Override
  public Optional<CompletableFuture<PutOutcome>> putAtOnce(PutRequest request, Executor executor) {
    if (!config.writesAtOnce().getAsBoolean()) {
      return Optional.empty();
    }
    config.limits().check(request);
    return machinery
        .writesAtOnce
        .put(request, deadline(), executor)
        .map(coming -> coming.whenComplete((outcome, failed) -> acknowledged(outcome)));
  }

  private void acknowledged(@Nullable PutOutcome outcome) {
    if (outcome instanceof PutOutcome.Stored stored) {
      acknowledged(stored.entry());
    }
  }

  /** The entry's time to live counts from here. */
  private void acknowledged(Entry entry) {
    machinery.expirer.acknowledged(entry.key(), entry.modifyRevision(), entry.expiry());
  }

  @Override
  public DeleteOutcome delete(DeleteRequest request) {
    config.limits().check(request.key());
    return machinery.writes.delete(request, deadline());
  }

  @Override
  public Optional<CompletableFuture<DeleteOutcome>> deleteAtOnce(
      DeleteRequest request, Executor executor) {
    if (!config.writesAtOnce().getAsBoolean()) {
      return Optional.empty();
    }
    config.limits().check(request.key());
    return machinery.writesAtOnce.delete(request, deadline(), executor);
  }

  @Override
  public RangeDeleted deleteRange(Range range) {
    return machinery.ranges.delete(range, Cause.DELETE, deadline());
  }

  @Override
  public TransactionOutcome transact(TransactionRequest request) {
    config.limits().check(request);
    TransactionRules.requireOneKey(request);
    TransactionOutcome outcome = transactions.transact(request, deadline());
    if (outcome instanceof TransactionOutcome.Committed committed) {
      for (TransactionResult result : committed.results()) {
        if (result instanceof PutOutcome.Stored stored) {
          acknowledged(stored.entry());
        }
      }
    }
    return outcome;
  }

  @Override
  public Watch watch(WatchRequest request) {
    return machinery.reads.read(
        Freshness.STALE, now -> machinery.history.watch(request, machinery.index::snapshot));
  }

  @Override
  public Sessions sessions() {
    return machinery.sessions;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.DURABLE);
  }

  @Override
  public Limits limits() {
    return config.limits();
  }

  @Override
  public long id() {
    return machinery.holder.storeId();
  }

  @Override
  public StoreStatus status() {
    boolean ready = machinery.holder.isActive();
    Snapshot now = machinery.index.snapshot();
    return new StoreStatus(
        ready,
        ready ? "" : machinery.reason(),
        now.revision(),
        machinery.history.era().oldest(),
        now.size(),
        machinery.index.bytes());
  }

  @Override
  public void close() {
    machinery.close();
  }

  private Lookup lookup(Key key, Snapshot now) {
    Optional<Entry> entry = now.get(key);
    Optional<ObservedObject.Foreign> stranger =
        entry.isPresent() ? Optional.empty() : machinery.index.foreign(key);
    if (stranger.isPresent()) {
      throw new QuarantinedException(
          "object "
              + stranger.get().name()
              + " has the place of key "
              + key
              + ": "
              + stranger.get().problem());
    }
    return new Lookup(entry, now.revision());
  }

  private Deadline deadline() {
    return Deadline.in(config.patience());
  }

  private void awaitReady(Deadline deadline) {
    try {
      machinery.holder.awaitActive(deadline);
    } catch (UnavailableException notYet) {
      if (!machinery.isForwarding()) {
        machinery.reportWaiting();
      }
    }
  }
}
