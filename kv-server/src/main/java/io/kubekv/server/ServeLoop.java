package io.kubekv.server;

import io.kubekv.cli.BuildInfo;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.ops.Workers;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tls.TlsFiles;
import io.kubekv.zookeeper.ZooKeeperDoor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Runs a server until SIGTERM or SIGINT, then stops it in order and exits with 0. */
final class ServeLoop {
  private ServeLoop() {}

  /**
   * Blocks until the process is told to stop.
   *
   * @throws RuntimeException when the server cannot start; everything it opened is closed again
   */
  static void run(ServerConfig config, Tracer tracer, PrintWriter out) throws InterruptedException {
    KvServer server = KvServer.start(config, tracer, Workers.ofProcess());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    announce(config, server, out);
    new CountDownLatch(1).await();
  }

  /** A virtual machine that ends by a signal exits with 128 + its number unless it is halted. */
  private static void stop(KvServer server) {
    server.close();
    Runtime.getRuntime().halt(0);
  }

  private static void announce(ServerConfig config, KvServer server, PrintWriter out) {
    out.println("kubekv " + BuildInfo.own().version());
    config
        .etcd()
        .ifPresent(address -> out.println("  etcd      " + server.etcdUrl() + "  v2 and v3"));
    server.consulUrl().ifPresent(consul -> out.println("  Consul    " + consul));
    server.zookeeperAddress().ifPresent(zk -> out.println("  ZooKeeper " + zk));
    server.grpcTarget().ifPresent(grpc -> out.println("  gRPC      " + grpc + "  kubekv.v1"));
    server
        .opsUrl()
        .ifPresent(ops -> out.println("  ops       " + ops + "  /healthz /readyz /metrics"));
    server.pageUrl().ifPresent(page -> out.println("  page      " + page));
    tell(config, server, out);
    Stream.of(
            config.etcd(),
            config.consul(),
            config.grpc(),
            config.doors().zookeeper().map(ZooKeeperDoor::address),
            config.doors().page().own())
        .flatMap(Optional::stream)
        .flatMap(address -> warning(address, config).stream())
        .forEach(out::println);
    out.flush();
  }

  /** Where the keys are, and what to try first. */
  private static void tell(ServerConfig config, KvServer server, PrintWriter out) {
    String keys;
    Optional<String> look;
    switch (config.backend()) {
      case ServerConfig.Embedded embedded -> {
        keys = embedded.dataDir().toString();
        Path kubeconfig = embedded.dataDir().resolve("kubeconfig");
        look = Optional.of("kubectl --kubeconfig " + kubeconfig + " get kv");
      }
      case ServerConfig.Cluster cluster -> {
        keys = "namespace " + cluster.namespace();
        look = Optional.of("kubectl --namespace " + cluster.namespace() + " get kv");
      }
      case ServerConfig.Etcd store -> {
        String endpoints = String.join(",", store.endpoints());
        keys = "etcd at " + endpoints + ", a log below /kubekv/" + store.namespace() + "/";
        look = server.grpcTarget().map(grpc -> "kubekv list --server " + grpc);
      }
    }
    out.println("  keys in   " + keys);
    out.println("Try:");
    if (config.etcd().isPresent()) {
      out.println("  curl -XPUT " + server.etcdUrl() + "/v2/keys/greeting -d value=hello");
      out.println("  curl " + server.etcdUrl() + "/v2/keys/greeting");
    }
    look.ifPresent(command -> out.println("  " + command));
  }

  /** What is dangerous about a door; empty when nothing is. */
  static Optional<String> warning(ListenAddress address, ServerConfig config) {
    boolean plain = config.tls().isEmpty();
    boolean certified = config.tls().map(TlsFiles::clientsMust).orElse(false);
    boolean granted = config.access().isPresent();
    if (address.isLoopback() || certified || granted && !plain) {
      return Optional.empty();
    }
    return Optional.of(
        "Warning: "
            + address
            + " is not a loopback address, and "
            + (plain ? "there is no TLS" : "clients need no certificate")
            + (granted
                ? ": whoever listens on the way reads tokens, keys and values."
                : ": whoever reaches it reads and writes every key."));
  }
}
