package io.kubekv.server;

import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.consul.ConsulDoor;
import io.kubekv.engine.EngineStore;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.page.PageDoor;
import io.kubekv.page.cost.Serving;
import io.kubekv.transport.access.Audit;
import io.kubekv.transport.access.CertificateUsers;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.Identities;
import io.kubekv.transport.access.ManualTicker;
import io.kubekv.transport.access.User;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.grpc.Companion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The four doors on one store in memory, for users whose token is their name. */
final class AuthorizationRig implements AutoCloseable {
  /** Where a mistake is made on purpose. */
  enum Leak {
    NOWHERE,
    ETCD,
    CONSUL,
    GRPC,
    PAGE
  }

  private static final ListenAddress FREE = new ListenAddress("127.0.0.1", 0);

  private static final Duration TTL = Duration.ofSeconds(10);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final KeyValueStore store = EngineStore.inMemory();
  private final AuthorizationGrants grants;
  private final Gate gate;
  private final DoorsUnderTest guarded;
  private final DoorsUnderTest open;
  private final ManualTicker ticker = new ManualTicker();
  private final Map<String, AuthorizationClient> clients = new ConcurrentHashMap<>();
  private final String etcdUrl;
  private final String consulUrl;
  private final String grpcTarget;
  private final String pageUrl;

  AuthorizationRig(AuthorizationGrants grants, Leak leak) throws IOException {
    this.grants = grants;
    Identities identities =
        new Identities(
            CertificateUsers.bySubject(), token -> Optional.of(new User(token, List.of())), false);
    gate = new Gate("test", Limits.DEFAULT, identities, grants, TTL, Audit.NONE, ticker, threads);
    guarded = new DoorsUnderTest(store, Optional.of(gate));
    open = new DoorsUnderTest(store, Optional.empty());
    etcdUrl = doors(leak == Leak.ETCD).url(new EtcdV2Door(FREE, List.of(), DoorsUnderTest::member));
    consulUrl = doors(leak == Leak.CONSUL).url(new ConsulDoor(FREE, "node"));
    pageUrl =
        doors(leak == Leak.PAGE)
            .url(
                new PageDoor(
                    FREE, PageDoor.Place.OWN_PORT, true, List::of, AuthorizationRig::serving));
    grpcTarget = doors(leak == Leak.GRPC).open(new GrpcDoor(FREE, Companion.none())).toString();
  }

  /** Nothing is measured. */
  private static Serving serving() {
    OptionalLong none = OptionalLong.empty();
    return new Serving(
        Serving.Place.INSIDE,
        7,
        1,
        0,
        Duration.ofSeconds(6),
        64 << 20,
        new Serving.Counts(0, 0, 0, OptionalDouble.empty()),
        new Serving.Held(none, none, none, none, none, none));
  }

  private Doors doors(boolean leaks) {
    return (leaks ? open : guarded).doors();
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

  String pageUrl() {
    return pageUrl;
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
    guarded.close();
    open.close();
    store.close();
    gate.close();
    threads.close();
  }
}
