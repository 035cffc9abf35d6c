package io.kubekv.server;

import io.kubekv.server.cli.BuildInfo;
import io.kubekv.server.requests.Tracer;
import java.io.PrintWriter;
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
    KvServer server = KvServer.start(config, tracer);
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
    String etcd = server.etcdUrl();
    out.println("kubekv " + BuildInfo.own().version());
    out.println("  etcd v2   " + etcd);
    server.consulUrl().ifPresent(consul -> out.println("  Consul    " + consul));
    server.grpcTarget().ifPresent(grpc -> out.println("  gRPC      " + grpc + "  kubekv.v1"));
    server
        .opsUrl()
        .ifPresent(ops -> out.println("  ops       " + ops + "  /healthz /readyz /metrics"));
    switch (config.backend()) {
      case ServerConfig.Embedded embedded -> {
        out.println("  keys in   " + embedded.dataDir());
        out.println("Try:");
        out.println("  curl -XPUT " + etcd + "/v2/keys/greeting -d value=hello");
        out.println("  curl " + etcd + "/v2/keys/greeting");
        out.println(
            "  kubectl --kubeconfig " + embedded.dataDir().resolve("kubeconfig") + " get kv");
      }
      case ServerConfig.Cluster cluster -> {
        out.println("  keys in   namespace " + cluster.namespace());
        out.println("Try:");
        out.println("  curl -XPUT " + etcd + "/v2/keys/greeting -d value=hello");
        out.println("  curl " + etcd + "/v2/keys/greeting");
        out.println("  kubectl --namespace " + cluster.namespace() + " get kv");
      }
      case ServerConfig.Etcd store -> {
        out.println("  keys in   etcd at " + String.join(",", store.endpoints()));
        out.println("Try:");
        out.println("  curl -XPUT " + etcd + "/v2/keys/greeting -d value=hello");
        out.println("  curl " + etcd + "/v2/keys/greeting");
        out.println("  etcdctl get --prefix /kubekv/" + store.namespace() + "/key/");
      }
    }
    Stream.of(Optional.of(config.etcd()), config.consul(), config.grpc())
        .flatMap(Optional::stream)
        .filter(address -> !address.isLoopback())
        .forEach(address -> warn(address, config, out));
    out.flush();
  }

  private static void warn(ListenAddress address, ServerConfig config, PrintWriter out) {
    if (config.tls().isPresent() && config.tls().get().clientsMust()) {
      return;
    }
    out.println(
        "Warning: "
            + address
            + " is not a loopback address, and "
            + (config.tls().isPresent() ? "clients need no certificate" : "there is no TLS")
            + ": whoever reaches it reads and writes every key.");
  }
}
