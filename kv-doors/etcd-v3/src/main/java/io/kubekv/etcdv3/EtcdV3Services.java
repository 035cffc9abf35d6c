package io.kubekv.etcdv3;

import io.grpc.BindableService;
import io.grpc.Status;
import io.kubekv.KeyValueStore;
import io.kubekv.StoreException;
import io.kubekv.transport.limits.Room;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The services of etcd's v3 API over a store. Who makes them binds them to a gRPC server of its
 * own, and closes them before the store.
 */
public final class EtcdV3Services implements AutoCloseable {
  /** The release of etcd whose API this is: clients and kube-apiserver parse it. */
  public static final String VERSION = "3.6.16";

  /** What a cluster of that release has agreed on, and keeps its data as. */
  public static final String CLUSTER_VERSION = "3.6.0";

  /** etcd's own interval between notes on the progress of a watch that asked for them. */
  public static final Duration PROGRESS = Duration.ofMinutes(10);

  /** The replicas of the store, as etcd's clients are told of them. Asked often; never waits. */
  public interface Members {
    /** The number of this replica: always the same, and no other's; not 0. */
    long self();

    /** All of them, this one included. */
    List<Member> all();

    /** The number of the one that writes; empty when none is known to. */
    Optional<Long> leader();

    /** The epoch of the log: grows with each replica that takes over. */
    long term();
  }

  /**
   * A replica.
   *
   * @param id its number
   * @param name its name, for people
   * @param peerUrls where other replicas reach it
   * @param clientUrls where clients of etcd's API reach it: some use no other addresses than these.
   *     Empty: of the one that answers, the URL that the client came by
   */
  public record Member(long id, String name, List<String> peerUrls, List<String> clientUrls) {
    public Member {
      peerUrls = List.copyOf(peerUrls);
      clientUrls = List.copyOf(clientUrls);
    }
  }

  /** Where users have names and passwords. */
  @FunctionalInterface
  public interface Logins {
    /** The token to show from now on; empty when the password is not the user's. Never waits. */
    CompletableFuture<Optional<String>> token(String user, String password);
  }

  /**
   * What the services need.
   *
   * @param store the store as the caller of the current gRPC call may see it
   * @param whole the store itself, for what is nobody's: whether it is ready
   * @param members the replicas
   * @param logins empty where nobody logs in
   * @param threads may wait: virtual ones
   * @param timer runs what is due; what it runs is short
   * @param nanoTime a clock that never goes back
   * @param progress how often a quiet watch that asked for it is told how far it has come
   * @param room for what is large, all clients' together
   */
  public record Setup(
      Supplier<KeyValueStore> store,
      KeyValueStore whole,
      Members members,
      Optional<Logins> logins,
      Executor threads,
      ScheduledExecutorService timer,
      LongSupplier nanoTime,
      Duration progress,
      Room room) {}

  private final List<BindableService> services;
  private final WatchService watches;
  private final LeaseService leases;
  private final ElectionService elections;
  private final Contest contest;

  public EtcdV3Services(Setup setup) {
    LeaseTimes times = new LeaseTimes(setup.nanoTime());
    this.contest = new Contest(setup);
    this.watches = new WatchService(setup);
    this.leases = new LeaseService(setup, times);
    this.elections = new ElectionService(setup, contest, leases);
    this.services =
        List.of(
            TxnBytes.counted(new KvService(setup)),
            RequiresLeader.heard(watches),
            leases,
            CameBy.heard(new ClusterService(setup)),
            new MaintenanceService(setup),
            new AuthService(setup),
            new LockService(setup, contest, leases),
            elections);
  }

  /** How a failure of the store is told to a client that has called no service yet. */
  public static Status told(StoreException failure) {
    return Failures.of(failure);
  }

  /** What to bind. */
  public List<BindableService> services() {
    return services;
  }

  /** How many watches are open. */
  public int watchCount() {
    return watches.count();
  }

  /**
   * Ends every stream and what waits for a lock or to lead, and what comes later: clients go on
   * elsewhere, or when the server is back. May be repeated.
   */
  @Override
  public void close() {
    watches.close();
    leases.close();
    elections.close();
    contest.close();
  }
}
