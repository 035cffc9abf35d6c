package io.kubekv.server;

import io.kubekv.Limits;
import io.kubekv.client.KubekvClient;
import io.kubekv.transport.door.ListenAddress;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Two short lives of the server, with its own API server and with one behind TLS, with the kinds of
 * requests that Docker makes of the etcd v2 and the Consul door and Java programs of the gRPC door,
 * and of the verbs: what the launcher records for an ahead-of-time cache. From the classes in it a
 * start takes a second; from the profiles, the first requests are compiled as soon as they come
 * often.
 */
@Command(name = "warm-up", hidden = true, description = "Serves some requests and exits.")
final class WarmUpCommand implements Callable<Integer> {
  /** The other doors share the code below with the etcd v2 door: fewer requests show it all. */
  private static final int LESS = 4;

  private static final String NAMESPACE = "default";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How many requests of each kind to the etcd v2 door.")
  int rounds = 2_000;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("kubekv-warm-up");
    try {
      onItsOwn(folder.resolve("data"));
      onCluster(folder);
    } finally {
      remove(folder);
    }
    return 0;
  }

  private void onItsOwn(Path data) throws Exception {
    try (KvServer server = KvServer.start(config(new ServerConfig.Embedded(data, NAMESPACE)));
        HttpClient client = HttpClient.newHttpClient()) {
      EtcdV2WarmUp etcd = new EtcdV2WarmUp(client, server.etcdUrl());
      ConsulWarmUp consul = new ConsulWarmUp(client, server.consulUrl().orElseThrow());
      for (int round = 0; round < rounds; round++) {
        etcd.round(round);
        if (round % LESS == 0) {
          consul.round(round / LESS);
        }
      }
      grpc(server.grpcTarget().orElseThrow());
      verbs(server.grpcTarget().orElseThrow());
      new PageWarmUp(client, server.pageUrl().orElseThrow())
          .round(server.grpcTarget().orElseThrow());
    }
  }

  /** There the API is asked by other ways, which are its share of a write. */
  private void onCluster(Path folder) throws Exception {
    try (KvServerWarmUp cluster = new KvServerWarmUp(folder);
        KvServer server =
            KvServer.start(
                config(
                    new ServerConfig.Cluster(
                        Optional.of(cluster.kubeconfig()), Optional.empty(), NAMESPACE)));
        HttpClient client = HttpClient.newHttpClient()) {
      EtcdV2WarmUp etcd = new EtcdV2WarmUp(client, server.etcdUrl());
      for (int round = 0; round < rounds; round++) {
        etcd.round(round);
      }
    }
  }

  private void grpc(String server) throws InterruptedException {
    try (KubekvClient client = KubekvClient.to(server).connect()) {
      for (int round = 0; round * LESS < rounds; round++) {
        GrpcWarmUp.round(client, round);
      }
    }
  }

  /** The verbs that scripts call most, so that each is a fast start, too. */
  private static void verbs(String server) throws IOException {
    for (String[] verb :
        List.of(
            new String[] {"put", "warm/up", "value", "-o", "json"},
            new String[] {"get", "warm/up"},
            new String[] {"list", "warm/"},
            new String[] {"watch", "warm/up", "--oldest", "--count", "1"},
            new String[] {"lock", "warm/up", "--", "true"},
            new String[] {"delete", "warm/up"})) {
      int exitCode = Main.commandLine(verb, Map.of("KUBEKV_SERVER", server)).execute(verb);
      if (exitCode != 0) {
        throw new IOException("kubekv " + String.join(" ", verb) + " ended with " + exitCode);
      }
    }
  }

  /** One whose doors listen on free ports of this machine. */
  static ServerConfig config(ServerConfig.Backend backend) {
    ListenAddress free = new ListenAddress("127.0.0.1", 0);
    return new ServerConfig(
        Optional.of(free),
        Optional.of(free),
        Optional.of(free),
        Optional.of(free),
        List.of(),
        Optional.empty(),
        backend,
        Duration.ofSeconds(6),
        Duration.ofSeconds(5),
        1 << 20,
        Limits.DEFAULT,
        LimitsConfig.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DoorsConfig.DEFAULT);
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
