package io.kubekv.server;

import io.kubekv.Limits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * A short life of the server in a temporary folder: what the launcher records for an ahead-of-time
 * cache of classes, so that a start takes a second.
 */
@Command(name = "warm-up", hidden = true, description = "Serves a few requests and exits.")
final class WarmUpCommand implements Callable<Integer> {
  private static final int ROUNDS = 50;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("kubekv-warm-up");
    try (KvServer server = KvServer.start(config(folder));
        HttpClient client = HttpClient.newHttpClient()) {
      for (int round = 0; round < ROUNDS; round++) {
        String key = server.etcdUrl() + "/v2/keys/warm/" + round;
        send(client, form(key, "PUT", "value=" + round));
        send(client, HttpRequest.newBuilder(URI.create(key + "?quorum=true")).build());
        send(
            client,
            HttpRequest.newBuilder(URI.create(server.etcdUrl() + "/v2/keys/?recursive=true"))
                .build());
        send(client, form(key, "DELETE", ""));
      }
    } finally {
      remove(folder);
    }
    return 0;
  }

  private static ServerConfig config(Path folder) {
    ListenAddress free = new ListenAddress("127.0.0.1", 0);
    return new ServerConfig(
        free,
        Optional.of(free),
        List.of(),
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

  private static void send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    int status = client.send(request, BodyHandlers.discarding()).statusCode();
    if (status >= 300) {
      throw new IOException(request + " answered " + status);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
