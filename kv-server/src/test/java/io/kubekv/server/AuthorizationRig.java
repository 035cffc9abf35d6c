package io.kubekv.server;

import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.consul.ConsulDoor;
import io.kubekv.consul.ConsulSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.etcdv2.EtcdV2Settings;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Door;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.GuardedStore;
import io.kubekv.transport.access.GuardedWatches;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.ManualTicker;
import io.kubekv.transport.access.User;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.watch.WatchHub;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The three doors on one store in memory, for users whose token is their name. */
final class AuthorizationRig implements AutoCloseable {
  /** Where a mistake is made on purpose. */
  enum Leak {
    NOWHERE,
    ETCD,
    CONSUL,
    GRPC
  }

  private static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);

  private static final Duration TTL = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyValueStore store = EngineStore.inMemory();
  private final WatchHub hub = WatchHub.open(store, Thread.ofVirtual().factory());
  private final EventLoop loop = new EventLoop();
  private final Metrics metrics = new Metrics("test");
  private final AuthorizationGrants grants;
  private final Gate gate;
  private final Doors doors;
  private final Doors open;
  private final ConsulDoor consul;
  private final ManualTicker ticker = new ManualTicker();
  private final Map<String, AuthorizationClient> clients = new ConcurrentHashMap<>();
  private final String etcdUrl;
  private final String consulUrl;
  private final String grpcTarget;

  AuthorizationRig(AuthorizationGrants grants, Leak leak) throws IOException {
    this.grants = grants;
    Identities identities =
        new Identities(
            CertificateUsers.bySubject(), token -> Optional.of(new User(token, List.of())), false);
    gate = new Gate("test", Limits.DEFAULT, identities, grants, TTL, Audit.NONE, ticker, threads);
    doors =
        new Doors(
            threads,
            metrics,
            Tracer.NONE,
            loop,
            Optional.empty(),
            Optional.of(gate),
            DoorsConfig.DEFAULT,
            LimitsConfig.DEFAULT,
            LimitsConfig.DEFAULT.budgets());
    open =
        new Doors(
            threads,
            new Metrics("leak"),
            Tracer.NONE,
            loop,
            Optional.empty(),
            Optional.empty(),
            DoorsConfig.DEFAULT,
            LimitsConfig.DEFAULT,
            LimitsConfig.DEFAULT.budgets());
    EtcdV2Door etcd = new EtcdV2Door(store, hub, EtcdV2Settings.DEFAULT, InstantSource.system());
    consul = new ConsulDoor(store, hub, ConsulSettings.DEFAULT, threads);
    etcdUrl =
        doors.http(
            "etcd",
            FREE,
            etcd,
            access ->
                leak == Leak.ETCD
                    ? etcd
                    : etcd.on(new GuardedStore(store, access), new GuardedWatches(hub, access)),
            List.of());
    consulUrl =
        doors.http(
            "consul",
            FREE,
            consul,
            access -> leak == Leak.CONSUL ? consul : guarded(access),
            List.of());
    Doors ofGrpc = leak == Leak.GRPC ? open : doors;
    grpcTarget = ofGrpc.grpc(FREE, store, Optional.empty());
  }

  private Door guarded(Access access) {
    return consul.on(new GuardedStore(store, access), new GuardedWatches(hub, access));
  }

  /** The store itself, which nobody guards. */
  KeyValueStore store() {
    return store;
  }

  AuthorizationGrants grants() {
    return grants;
  }

  /** Lets what was decided before be forgotten, and what is open be looked at. */
  void forget() {
    ticker.advance(TTL);
    gate.look();
  }

  String etcdUrl() {
    return etcdUrl;
  }

  String consulUrl() {
    return consulUrl;
  }

  String grpcTarget() {
    return grpcTarget;
  }

  /** Rights in use by what is open. */
  int held() {
    return gate.held();
  }

  /** A user's client by gRPC, of one connection. */
  AuthorizationClient client(String user) {
    return clients.computeIfAbsent(user, name -> new AuthorizationClient(grpcTarget, name));
  }

  @Override
  public void close() {
    clients.values().forEach(AuthorizationClient::close);
    doors.close();
    open.close();
    consul.close();
    hub.close();
    store.close();
    gate.close();
    loop.close();
    threads.close();
  }
}
