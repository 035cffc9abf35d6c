package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.Client;
import io.kubekv.benchmarks.load.ConsulClient;
import io.kubekv.benchmarks.load.EtcdV2Client;
import io.kubekv.benchmarks.load.EtcdV3Clients;
import io.kubekv.benchmarks.load.KubekvClients;
import io.kubekv.benchmarks.load.ObjectsClient;
import io.kubekv.benchmarks.load.ZooKeeperCalls;
import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Starts contestants, each with an empty store of its own. Where the programs are, {@code
 * benchmarks/run} has said by environment variables; ZooKeeper is Debian's.
 */
final class Servers {
  private static final String NAIVE = "io.kubekv.benchmarks.naive.NaiveServer";

  private Servers() {}

  /** Why an entrant cannot take part here; empty when it can. */
  static Optional<String> missing(Entrant entrant) {
    return switch (entrant) {
      case KUBEKV, NAIVE -> Optional.empty();
      case ETCD_V2, ETCD_V2_AGAIN -> unless("BENCHMARKS_ETCD35", "etcd 3.5 is not installed");
      case KUBEKV_ETCD, ETCD_V3 -> unless("BENCHMARKS_ETCD36", "etcd 3.6 is not installed");
      case CONSUL -> unless("E2E_CONSUL", "Consul is not installed");
      case ZOOKEEPER -> DebianZooKeeper.missing();
      case KUBEKV_KUBE, RAW, NAIVE_KUBE ->
          unless("E2E_KUBE_FOLDER", "there is no kube-apiserver in this run");
    };
  }

  private static Optional<String> unless(String variable, String otherwise) {
    return System.getenv(variable) == null ? Optional.of(otherwise) : Optional.empty();
  }

  private static String program(String variable) {
    return Optional.ofNullable(System.getenv(variable))
        .orElseThrow(() -> new IllegalStateException(variable + " is not set"));
  }

  /** Blocks until it serves. */
  static Contestant start(Entrant entrant) throws IOException {
    return switch (entrant) {
      case KUBEKV -> kubekv(entrant, StoreProcess::embedded, List::of);
      case KUBEKV_KUBE -> {
        ClusterStore space = ClusterStore.create();
        yield kubekv(
            entrant,
            flags -> StoreProcess.on(space.kubeconfig(), space.namespace(), flags),
            KubeProcesses::parts);
      }
      case KUBEKV_ETCD -> kubekvOnEtcd();
      case ETCD_V2, ETCD_V2_AGAIN -> etcdV2(entrant);
      case ETCD_V3 -> etcdV3();
      case CONSUL -> consul();
      case ZOOKEEPER -> zookeeper();
      case RAW -> raw();
      case NAIVE -> naive(entrant, folder -> List.of("--data-dir", folder + "/data"), List::of);
      case NAIVE_KUBE -> {
        ClusterStore space = ClusterStore.create();
        List<String> flags =
            List.of(
                "--kubeconfig", space.kubeconfig().toString(), "--namespace", space.namespace());
        yield naive(entrant, folder -> flags, KubeProcesses::parts);
      }
    };
  }

  /** How a kubekv is launched with further flags. */
  @FunctionalInterface
  private interface Launch {
    StoreProcess with(String... flags) throws IOException;
  }

  private static Contestant kubekv(Entrant entrant, Launch launch, Contestant.PartList behind)
      throws IOException {
    InetSocketAddress consul = FreePorts.next();
    StoreProcess store = launch.with("--consul-listen", StoreProcess.hostAndPort(consul));
    Map<Protocol, Client.Connector> clients = new EnumMap<>(Protocol.class);
    clients.put(Protocol.ETCD_V2, () -> new EtcdV2Client(store.address()));
    clients.put(Protocol.CONSUL, () -> new ConsulClient(consul));
    clients.put(Protocol.GRPC, () -> KubekvClients.open(store.grpc()));
    return new Contestant(
        entrant,
        Map.copyOf(clients),
        Optional.of(store),
        Optional.of(consul),
        () -> with(door(entrant, store), behind.now()),
        store);
  }

  private static ServerPart door(Entrant entrant, StoreProcess store) {
    return entrant == Entrant.KUBEKV
        ? ServerPart.embedded(store.server().pid(), store.operations())
        : ServerPart.of("kubekv", store.server().pid());
  }

  private static Contestant kubekvOnEtcd() throws IOException {
    StoreProcess etcd = StoreProcess.etcd(program("BENCHMARKS_ETCD36"));
    Contestant kubekv =
        kubekv(
            Entrant.KUBEKV_ETCD,
            flags -> StoreProcess.onEtcd(etcd.address(), flags),
            () -> List.of(etcd(etcd)));
    return kubekv.closingAfterwards(etcd);
  }

  private static Contestant etcdV2(Entrant entrant) throws IOException {
    StoreProcess store = StoreProcess.etcd(program("BENCHMARKS_ETCD35"), "--enable-v2=true");
    return alone(entrant, store, () -> new EtcdV2Client(store.address()), () -> etcd(store));
  }

  private static Contestant etcdV3() throws IOException {
    StoreProcess store = StoreProcess.etcd(program("BENCHMARKS_ETCD36"));
    return alone(Entrant.ETCD_V3, store, () -> EtcdV3Clients.open(store.grpc()), () -> etcd(store));
  }

  private static ServerPart etcd(StoreProcess store) {
    return ServerPart.etcd(store.server().pid(), store.address());
  }

  private static Contestant zookeeper() throws IOException {
    StoreProcess store = StoreProcess.zookeeper();
    return alone(
        Entrant.ZOOKEEPER,
        store,
        () -> new ZooKeeperCalls(store.address()),
        () -> ServerPart.of("zookeeper", store.server().pid()));
  }

  /** One process, which speaks its own protocol only. */
  private static Contestant alone(
      Entrant entrant, StoreProcess store, Client.Connector client, Supplier<ServerPart> part) {
    return new Contestant(
        entrant,
        Map.of(entrant.ownProtocol(), client),
        Optional.of(store),
        Optional.empty(),
        () -> List.of(part.get()),
        store);
  }

  private static Contestant consul() throws IOException {
    StoreProcess store = StoreProcess.consul();
    return new Contestant(
        Entrant.CONSUL,
        Map.of(Protocol.CONSUL, () -> new ConsulClient(store.address())),
        Optional.of(store),
        Optional.of(store.address()),
        () -> List.of(ServerPart.of("consul", store.server().pid())),
        store);
  }

  private static Contestant raw() throws IOException {
    ClusterStore space = ClusterStore.create();
    ClusterStore.Access access = space.access();
    ObjectsClient.Api api =
        new ObjectsClient.Api(access.server(), access.trust(), access.token(), space.namespace());
    return new Contestant(
        Entrant.RAW,
        Map.of(Protocol.GRPC, api::open, Protocol.ETCD_V2, api::open, Protocol.OBJECTS, api::open),
        Optional.empty(),
        Optional.empty(),
        KubeProcesses::parts,
        () -> {});
  }

  /** What tells the naive store where its objects are, given the folder for its data. */
  @FunctionalInterface
  private interface Backend {
    List<String> flags(Path folder);
  }

  private static Contestant naive(Entrant entrant, Backend backend, Contestant.PartList behind)
      throws IOException {
    StoreProcess store =
        StoreProcess.program(
            entrant.label(),
            (folder, etcd, grpc) -> {
              String java = ProcessHandle.current().info().command().orElse("java");
              String path = System.getProperty("java.class.path");
              List<String> command = new ArrayList<>(List.of(java, "-cp", path, NAIVE));
              command.addAll(backend.flags(folder));
              command.addAll(List.of("--etcd-listen", StoreProcess.hostAndPort(etcd)));
              command.addAll(List.of("--grpc-listen", StoreProcess.hostAndPort(grpc)));
              return command;
            });
    return new Contestant(
        entrant,
        Map.of(
            Protocol.ETCD_V2,
            () -> new EtcdV2Client(store.address()),
            Protocol.GRPC,
            () -> KubekvClients.open(store.grpc())),
        Optional.of(store),
        Optional.empty(),
        () -> with(ServerPart.of("naive", store.server().pid()), behind.now()),
        store);
  }

  private static List<ServerPart> with(ServerPart first, List<ServerPart> others) {
    List<ServerPart> all = new ArrayList<>(List.of(first));
    all.addAll(others);
    return all;
  }
}
