package io.kubekv.k8s.lease;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.engine.log.SharedLease;
import io.kubekv.k8s.api.ApiObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The engine's lease as the store's Lease object; {@link Leadership} has the rules. */
public final class KubernetesLease implements SharedLease {
  /** The Lease's annotation that says where the one who has it is reached. */
  private static final String ADDRESS = "kubekv.io/replica";

  /** What only those know who may read the Lease while a process has it. */
  private static final String SECRET = "kubekv.io/replica-secret";

  private final Clocks clocks;
  private final Holder self;
  private final Leadership leadership;
  private final CompletableFuture<Boolean> released = new CompletableFuture<>();
  private volatile Optional<Listener> listener = Optional.empty();
  private boolean closed;

  KubernetesLease(
      LeaseApi api,
      LeaseSettings settings,
      Clocks clocks,
      String address,
      BooleanSupplier storeIsNew) {
    this.clocks = clocks;
    this.leadership =
        new Leadership(api, settings, clocks, storeIsNew, this::annotations, new Heard());
    this.self = Holder.withNewSecret(leadership.identity(), address);
  }

  /**
   * The lease of a namespace, of a process to which nothing is forwarded.
   *
   * @param client stays the caller's
   * @param storeIsNew whether nothing was ever written, so that nobody can have had the lease; must
   *     not block
   */
  public static KubernetesLease in(
      KubernetesClient client,
      String namespace,
      LeaseSettings settings,
      BooleanSupplier storeIsNew) {
    return in(client, namespace, settings, "", storeIsNew);
  }

  /**
   * The lease of a namespace.
   *
   * @param client stays the caller's
   * @param address where the other replicas reach this one, to be said in the Lease; empty when
   *     they cannot
   * @param storeIsNew as above
   */
  public static KubernetesLease in(
      KubernetesClient client,
      String namespace,
      LeaseSettings settings,
      String address,
      BooleanSupplier storeIsNew) {
    return in(client, namespace, settings, address, storeIsNew, ApiObserver.NONE);
  }

  /**
   * As above.
   *
   * @param observer hears of its calls
   */
  public static KubernetesLease in(
      KubernetesClient client,
      String namespace,
      LeaseSettings settings,
      String address,
      BooleanSupplier storeIsNew,
      ApiObserver observer) {
    LeaseApi api = new KubernetesLeaseApi(client, namespace, settings);
    return new KubernetesLease(
        new ObservedLeaseApi(api, observer), settings, Clocks.system(), address, storeIsNew);
  }

  private Map<String, String> annotations() {
    return Map.of(ADDRESS, self.address(), SECRET, self.secret());
  }

  /** For how long it is held if nothing renews it; zero where it is not held. */
  public Duration left() {
    return leadership.term().map(io.kubekv.k8s.lease.Term::left).orElse(Duration.ZERO);
  }

  /** How many renewals failed since the start. */
  public long renewalsFailed() {
    return leadership.renewalsFailed();
  }

  @Override
  public Holder self() {
    return self;
  }

  @Override
  public Optional<Sighting> seen() {
    return leadership
        .seen()
        .flatMap(seen -> seen.lease().holder().map(holder -> sighting(holder, seen)));
  }

  private Sighting sighting(String holder, Leadership.Sighting seen) {
    Map<String, String> told = seen.lease().annotations();
    return new Sighting(
        new Holder(holder, told.getOrDefault(ADDRESS, ""), told.getOrDefault(SECRET, "")),
        holder.equals(self.identity()),
        seen.lease().duration(),
        Duration.ofNanos(clocks.nanoTime() - seen.sinceNanos()));
  }

  @Override
  public void hurry() {
    leadership.hurry();
  }

  @Override
  public synchronized void compete(Listener newListener) {
    listener = Optional.of(newListener);
    if (!closed) {
      Thread unused = Threads.start("lease", leadership::run);
    }
  }

  private final class Heard implements LeadershipListener {
    @Override
    public void acquired(io.kubekv.k8s.lease.Term term, Map<String, String> annotations) {
      listener.ifPresent(told -> told.taken(term::isValid));
    }

    @Override
    public void lost(io.kubekv.k8s.lease.Term term, String why) {
      listener.ifPresent(told -> told.lost("this replica has lost the lease: " + why));
    }
  }

  private void release() {
    try {
      leadership.close();
    } finally {
      released.complete(true);
    }
  }

  /**
   * Waits until others have been told that it is given up, after {@link #close}; whoever closes the
   * client before that makes them wait it out.
   *
   * @return false when that takes longer than {@code patience}
   */
  public boolean awaitRelease(Duration patience) throws InterruptedException {
    try {
      return released.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException late) {
      return false;
    }
  }

  /** The term ends at once; what tells the others takes a request, and a thread of its own. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      leadership.term().ifPresent(term -> term.end());
      Thread unused = Threads.start("lease-release", this::release);
    }
  }
}
