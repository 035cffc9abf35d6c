package io.kubekv.server;

import io.kubekv.cli.BuildInfo;
import io.kubekv.consul.ConsulDoor;
import io.kubekv.etcdv2.EtcdV2Door;
import io.kubekv.etcdv3.EtcdV3Door;
import io.kubekv.grpc.GrpcDoor;
import io.kubekv.page.PageDoor;
import io.kubekv.page.PageDoor.Place;
import io.kubekv.replica.Replicas;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.DoorStore;
import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.ops.Metrics;
import io.kubekv.transport.ops.OpsPages;
import io.kubekv.transport.ops.Workers;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tls.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A running server: the one class that joins every part. Parts are opened from the API server to
 * the doors, and closed in the opposite order.
 */
final class KvServer implements AutoCloseable {
  private final Parts parts = new Parts();
  private final Workers workers;
  private @Nullable String etcdUrl;
  private @Nullable String consulUrl;
  private @Nullable String zookeeperAddress;
  private @Nullable String grpcTarget;
  private @Nullable String opsUrl;
  private @Nullable String pageUrl;

  private KvServer(Workers workers) {
    this.workers = workers;
  }

  /**
   * Opens everything and listens. Blocks until the store is ready, or its first wait is over.
   *
   * @throws RuntimeException naming what could not be opened; everything else is closed again
   */
  static KvServer start(ServerConfig config) {
    return start(config, Tracer.NONE, new Workers());
  }

  /**
   * As above.
   *
   * @param tracer follows requests; taken over
   * @param workers whether all threads live
   */
  static KvServer start(ServerConfig config, Tracer tracer, Workers workers) {
    KvServer server = new KvServer(workers);
    try {
      server.parts.opened("traces", tracer);
      server.open(config, tracer);
      return server;
    } catch (IOException failure) {
      server.close();
      throw new UncheckedIOException(failure.getMessage(), failure);
    } catch (RuntimeException failure) {
      server.close();
      throw failure;
    }
  }

  /** Where the etcd door listens, as a client on this machine would write it; or empty. */
  String etcdUrl() {
    return etcdUrl == null ? "" : etcdUrl;
  }

  /** Where the ZooKeeper door listens, when it does. */
  Optional<String> zookeeperAddress() {
    return Optional.ofNullable(zookeeperAddress);
  }

  /** Where the Consul door listens, when it does. */
  Optional<String> consulUrl() {
    return Optional.ofNullable(consulUrl);
  }

  /** Where the gRPC door listens, as HOST:PORT, when it does. */
  Optional<String> grpcTarget() {
    return Optional.ofNullable(grpcTarget);
  }

  /** Where the operations pages are, when they are. */
  Optional<String> opsUrl() {
    return Optional.ofNullable(opsUrl);
  }

  /** Where people look at the store with a browser, when they can. */
  Optional<String> pageUrl() {
    return Optional.ofNullable(pageUrl);
  }

  /** Takes no more requests, ends those in flight, gives up the lease, closes the data. */
  @Override
  public synchronized void close() {
    parts.close();
  }

  private void open(ServerConfig asked, Tracer tracer) throws IOException {
    asked.requireFreeAddresses(); // before anything is taken from another replica
    try (ChosenPorts ports = new ChosenPorts()) {
      openAt(asked.listeningAt(ports.of(asked.etcd()), ports.of(asked.grpc())), tracer);
    }
  }

  private void openAt(ServerConfig config, Tracer tracer) throws IOException {
    ExecutorService threads = parts.opened("threads", Executors.newVirtualThreadPerTaskExecutor());
    EventLoop loop = parts.opened("event loop", new EventLoop());
    Optional<Certificates> tls =
        config.tls().map(files -> parts.opened("certificates", Certificates.open(files)));
    Metrics metrics = parts.opened("metrics", new Metrics(BuildInfo.own().version()));
    tls.ifPresent(certificates -> KvServerMetrics.show(certificates, metrics));
    KvServerBackend backend = KvServerBackend.open(config, loop, metrics, parts);
    KvServerLogMetrics.show(backend.replica(), metrics);
    Replicas replicas =
        parts.opened("replicas", KvServerReplica.join(config, backend, threads, loop, tls));
    KvServerReplica.show(replicas, metrics);
    DoorStore store = KvServerStore.open(config, replicas.store(), metrics, parts);
    Optional<Gate> gate =
        config
            .access()
            .map(access -> KvServerAccess.open(config, access, metrics, loop, threads, parts));
    DoorContext context =
        new DoorContext(
            threads,
            loop,
            tls,
            gate,
            metrics,
            tracer,
            config.clients().http(),
            config.clients().grpc(),
            config.doors().web(),
            store);
    Doors doors = parts.opened("doors", new Doors(context));
    parts.opened("followers", (AutoCloseable) replicas::dismissFollowers);
    listen(config, doors, replicas);
    Optional<PageDoor> page = KvServerPage.of(config, replicas, metrics);
    if (page.isPresent()) {
      pageUrl = doors.url(page.get()) + PageDoor.PATH + "/";
    }
    if (config.ops().isPresent()) {
      OpsPages pages =
          new OpsPages(
              store.store(), metrics, workers, backend.trouble(), doors.pages(), context.budgets());
      opsUrl = doors.ops(config.ops().get(), pages);
      if (page.map(PageDoor::place).filter(Place.OPERATIONS_PORT::equals).isPresent()) {
        pageUrl = opsUrl + PageDoor.PATH + "/";
      }
    }
  }

  private void listen(ServerConfig config, Doors doors, Replicas replicas) throws IOException {
    if (config.etcd().isPresent()) {
      KvServerMembers members = new KvServerMembers(config, replicas);
      EtcdV2Door second =
          new EtcdV2Door(config.etcd().get(), config.doors().origins(), members::second);
      etcdUrl = doors.url(new EtcdV3Door(config.etcd().get(), members, second::api));
    }
    if (config.consul().isPresent()) {
      consulUrl = doors.url(new ConsulDoor(config.consul().get(), config.doors().nodeOfConsul()));
    }
    if (config.grpc().isPresent()) {
      grpcTarget = doors.open(new GrpcDoor(config.grpc().get(), replicas.companion())).toString();
    }
    if (config.doors().zookeeper().isPresent()) {
      zookeeperAddress = doors.open(config.doors().zookeeper().get()).toString();
    }
  }
}
