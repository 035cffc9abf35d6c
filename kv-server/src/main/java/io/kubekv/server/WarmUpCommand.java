package io.kubekv.server;

import io.kubekv.Limits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

/**
 * A short life of the server in a temporary folder, with the kinds of requests that Docker makes,
 * and of the verbs: what the launcher records for an ahead-of-time cache. From the classes in it a
 * start takes a second; from the profiles, the first requests are compiled as soon as they come
 * often.
 */
@Command(name = "warm-up", hidden = true, description = "Serves some requests and exits.")
final class WarmUpCommand implements Callable<Integer> {
  private static final int ROUNDS = 2_000;
  private static final int KEYS = 100;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("kubekv-warm-up");
    try (KvServer server = KvServer.start(config(folder));
        HttpClient client = HttpClient.newHttpClient()) {
      for (int round = 0; round < ROUNDS; round++) {
        round(client, server.etcdUrl() + "/v2/keys", round);
      }
      verbs(server.grpcTarget().orElseThrow());
    } finally {
      remove(folder);
    }
    return 0;
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

  /** A heartbeat, a lock-free change of a record, the reads and the watch beside them. */
  private static void round(HttpClient client, String keys, int round)
      throws IOException, InterruptedException {
    String node = keys + "/docker/nodes/10.0.0." + round % KEYS + ":2376";
    String record = keys + "/docker/network/v1.0/endpoint/" + round % KEYS;
    send(client, form(node, "PUT", "value=10.0.0.1%3A2376&ttl=60"));
    String written = send(client, form(record, "PUT", "value=" + "x".repeat(200)));
    send(client, form(record + "?prevIndex=" + written, "PUT", "value=" + "y".repeat(200)));
    send(client, get(record + "?quorum=true"));
    send(client, get(keys + "/docker/nodes?recursive=true"));
    send(client, get(record + "?wait=true&waitIndex=" + written));
    if (round % 2 == 0) {
      send(client, form(record, "DELETE", ""));
    }
  }

  private static HttpRequest get(String url) {
    return HttpRequest.newBuilder(URI.create(url)).build();
  }

  private static ServerConfig config(Path folder) {
    ListenAddress free = new ListenAddress("127.0.0.1", 0);
    return new ServerConfig(
        free,
        Optional.empty(),
        Optional.of(free),
        Optional.of(free),
        List.of(),
        Optional.empty(),
        new ServerConfig.Embedded(folder, "default"),
        Duration.ofSeconds(6),
        Duration.ofSeconds(5),
        1 << 20,
        Limits.DEFAULT);
  }

  private static HttpRequest form(String url, String method, String body) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .method(method, BodyPublishers.ofString(body))
        .build();
  }

  /** The store's index in the answer. */
  private static String send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
    if (response.statusCode() >= 300) {
      throw new IOException(request + " answered " + response.statusCode());
    }
    return response.headers().firstValue("X-Etcd-Index").orElseThrow();
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
