package io.kubekv.e2e.alerts;

import io.kubekv.e2e.FreePorts;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Prometheus that scrapes the stores of this check twice a second and judges their rules.
 */
final class Prometheus implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration START = Duration.ofSeconds(60);

  private final Path folder;
  private final InetSocketAddress address;
  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();

  private Prometheus(Path folder, InetSocketAddress address, Process process) {
    this.folder = folder;
    this.address = address;
    this.process = process;
  }

  /**
   * Starts the program that {@code E2E_PROMETHEUS} names, on a free port. Blocks until it answers.
   */
  static Prometheus start(Path folder) throws IOException {
    InetSocketAddress address = FreePorts.next();
    Files.createDirectories(folder.resolve("rules"));
    Files.createDirectories(folder.resolve("targets"));
    Files.writeString(
        folder.resolve("prometheus.yml"),
        """
        global: {scrape_interval: 500ms, scrape_timeout: 450ms, evaluation_interval: 500ms}
        rule_files: [rules/*.yml]
        scrape_configs:
        - job_name: kubekv
          file_sd_configs: [{files: [targets/*.json], refresh_interval: 1s}]
        """);
    Process process =
        new ProcessBuilder(
                System.getenv("E2E_PROMETHEUS"),
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=" + StoreProcess.hostAndPort(address),
                "--web.enable-lifecycle",
                "--log.level=warn")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Prometheus started = new Prometheus(folder, address, process);
    started.awaitReady();
    return started;
  }

  /** Scrapes a store's processes, and judges its rules, from now on. */
  void watch(Rules rules, List<InetSocketAddress> targets) throws IOException {
    String addresses =
        targets.stream()
            .map(target -> "\"" + StoreProcess.hostAndPort(target) + "\"")
            .collect(Collectors.joining(","));
    Files.writeString(
        folder.resolve("targets").resolve(rules.store() + ".json"),
        "[{\"targets\":[%s],\"labels\":{\"namespace\":\"%s\",\"service\":\"kubekv-ops\"}}]"
            .formatted(addresses, rules.store()));
    Files.writeString(folder.resolve("rules").resolve(rules.store() + ".yml"), rules.file());
    send("POST", "/-/reload");
  }

  /** Which alerts of a store fire now. */
  Set<String> firing(String store) throws IOException {
    JsonNode groups = JsonMapper.shared().readTree(send("GET", "/api/v1/rules")).at("/data/groups");
    Set<String> firing = new TreeSet<>();
    for (JsonNode group : groups) {
      if (group.path("name").asString("").equals(store)) {
        for (JsonNode rule : group.path("rules")) {
          requireEvaluated(rule);
          if (rule.path("state").asString("").equals("firing")) {
            firing.add(rule.path("name").asString(""));
          }
        }
      }
    }
    return firing;
  }

  /** A reload may evaluate a rule twice for one moment, which Prometheus calls out of order. */
  private static void requireEvaluated(JsonNode rule) throws IOException {
    String problem = rule.path("lastError").asString("");
    if (rule.path("health").asString("").equals("err") && !problem.contains("out of order")) {
      throw new IOException(rule.path("name").asString("") + ": " + problem);
    }
  }

  /**
   * Whether that many of a store's processes have been scraped twice within a time: an increase can
   * be told only of what was seen before it.
   */
  boolean awaitScraped(String store, int targets, Duration atMost) throws IOException {
    String query =
        "sum(count_over_time(kubekv_build{namespace=\"%s\"}[5m]) >= bool 2)".formatted(store);
    String path = "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    long deadline = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode found = JsonMapper.shared().readTree(send("GET", path)).at("/data/result/0/value/1");
      if (found.asString("").equals(Integer.toString(targets))) {
        return true;
      }
      Waiting.pause(LOOK);
    }
    return false;
  }

  /** Whether all these alerts of a store fire within a time, each at some moment. */
  boolean awaitFiring(String store, Set<String> wanted, Duration atMost) throws IOException {
    Set<String> missing = new TreeSet<>(wanted);
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!missing.isEmpty() && System.nanoTime() < deadline) {
      missing.removeAll(firing(store));
      Waiting.pause(LOOK);
    }
    return missing.isEmpty();
  }

  /** Whether these alerts, and no other of a store, fire within a time. */
  boolean awaitOnly(String store, Set<String> wanted, Duration atMost) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!firing(store).equals(wanted)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Waiting.pause(LOOK);
    }
    return true;
  }

  private void awaitReady() throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        send("GET", "/-/ready");
        return;
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException(
              "Prometheus does not start: " + Files.readString(folder.resolve("log")), notYet);
        }
        Waiting.pause(LOOK);
      }
    }
  }

  private String send(String method, String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + StoreProcess.hostAndPort(address) + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
