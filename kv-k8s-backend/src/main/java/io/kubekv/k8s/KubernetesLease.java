package io.kubekv.k8s;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.engine.log.Lease;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** The engine's lease as the store's Lease object; {@link Leadership} has the rules. */
public final class KubernetesLease implements Lease {
  private final LeaseApi api;
  private final LeaseSettings settings;
  private final Clocks clocks;
  private final BooleanSupplier storeIsNew;
  private volatile Optional<Leadership> leadership = Optional.empty();
  private final CompletableFuture<Boolean> released = new CompletableFuture<>();
  private volatile boolean closed;

  KubernetesLease(LeaseApi api, LeaseSettings settings, Clocks clocks, BooleanSupplier storeIsNew) {
    this.api = api;
    this.settings = settings;
    this.clocks = clocks;
    this.storeIsNew = storeIsNew;
  }

  /**
   * The lease of a namespace.
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
    return new KubernetesLease(
        new KubernetesLeaseApi(client, namespace, settings), settings, Clocks.system(), storeIsNew);
  }

  @Override
  public synchronized void compete(Listener listener) {
    Leadership competing =
        new Leadership(api, settings, clocks, storeIsNew, Map::of, new Heard(listener));
    leadership = Optional.of(competing);
    if (!closed) {
      Thread unused = Threads.start("lease", competing::run);
    }
  }

  private record Heard(Listener listener) implements LeadershipListener {
    @Override
    public void acquired(io.kubekv.k8s.Term term, Map<String, String> annotations) {
      listener.taken(term::isValid);
    }

    @Override
    public void lost(io.kubekv.k8s.Term term, String why) {
      listener.lost("this replica has lost the lease: " + why);
    }
  }

  private void release(Leadership competing) {
    try {
      competing.close();
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
      leadership.ifPresentOrElse(
          competing -> {
            competing.term().ifPresent(term -> term.end());
            Thread unused = Threads.start("lease-release", () -> release(competing));
          },
          () -> released.complete(true));
    }
  }
}
