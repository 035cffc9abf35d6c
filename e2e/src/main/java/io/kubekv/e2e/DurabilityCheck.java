package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code e2e/run durability}: kills the store with {@code kill -9} under writers whose histories
 * are known, and compares after each restart.
 */
final class DurabilityCheck {
  private static final int WRITERS = 8;
  private static final int KEYS = 40;
  private static final String ROOT = "/durability";
  private static final int MOST_CHANGES = 1000;
  private static final Duration LONGEST_ROUND = Duration.ofSeconds(3);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final StoreProcess store;
  private final SplittableRandom random;
  private final List<HistoryWriter> writers = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  private DurabilityCheck(StoreProcess store, long seed) {
    this.store = store;
    this.random = new SplittableRandom(seed);
    for (int writer = 0; writer < WRITERS; writer++) {
      writers.add(new HistoryWriter(ROOT + "/w" + writer, KEYS, random.nextLong()));
    }
  }

  public static void main(String[] arguments) {
    Check.run("durability", arguments, DurabilityCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    int rounds = arguments.count("--rounds", arguments.flag("--quick") ? 10 : 50);
    String candidate = arguments.option("--candidate").orElse("kubekv");
    long seed = arguments.count("--seed", (int) (System.currentTimeMillis() % 10_000_000) + 1);
    arguments.end();
    Check.say("%d rounds on %s, --seed %d", rounds, candidate, seed);
    try (StoreProcess store = StoreProcess.named(candidate)) {
      DurabilityCheck check = new DurabilityCheck(store, seed);
      double[] restarts = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        restarts[round] = check.round(round + 1).toNanos() / 1e9;
      }
      Check.say(
          "restart until ready: p50 %.2f s, longest %.2f s",
          Check.median(restarts), Arrays.stream(restarts).max().orElseThrow());
      return new Check.Verdict(
          rounds + " rounds, " + check.faults.size() + " lost", "0", check.faults.isEmpty());
    }
  }

  /**
   * Writes, kills, restarts, compares; the answer is the time from the start until it was ready.
   */
  private Duration round(int number) throws IOException {
    long before = acknowledged();
    List<Thread> threads = new ArrayList<>();
    for (HistoryWriter writer : writers) {
      threads.add(Thread.ofVirtual().name("writer").start(() -> writer.run(store.address())));
    }
    awaitMoment(before + 1 + random.nextInt(MOST_CHANGES));
    store.kill();
    join(threads);
    Duration ready = store.startAgain();
    int known = faults.size();
    compare();
    Check.say(
        "round %d: %d changes acknowledged, ready again in %.2f s, %d faults",
        number, acknowledged() - before, ready.toNanos() / 1e9, faults.size() - known);
    faults.subList(known, faults.size()).stream()
        .limit(5)
        .forEach(fault -> Check.say("  %s", fault));
    return ready;
  }

  /**
   * A store just started is slow: the moment is a number of changes, or a few seconds, and a random
   * instant after that.
   */
  private void awaitMoment(long changes) {
    long deadline = System.nanoTime() + LONGEST_ROUND.toNanos();
    while (acknowledged() < changes && System.nanoTime() < deadline) {
      Waiting.pause(Duration.ofMillis(1));
    }
    Waiting.pause(Duration.ofMillis(random.nextInt(20)));
  }

  private long acknowledged() {
    return writers.stream().mapToLong(HistoryWriter::acknowledged).sum();
  }

  private static void join(List<Thread> threads) throws IOException {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void compare() throws IOException {
    InetSocketAddress address = store.address();
    HttpAnswer answer;
    try (HttpConnection connection = HttpConnection.open(address)) {
      answer =
          connection.exchange(
              HttpConnection.request(
                  "GET", "/v2/keys" + ROOT + "?recursive=true&quorum=true", address, Map.of(), ""));
    }
    Map<String, JsonNode> found = new HashMap<>();
    if (answer.status() == 200) {
      collect(JSON.readTree(answer.body()).path("node"), found);
    } else if (answer.status() != 404) {
      faults.add(
          "the listing after the restart was answered "
              + answer.status()
              + ": "
              + answer.body().strip());
    }
    for (HistoryWriter writer : writers) {
      writer.refusal().ifPresent(faults::add);
      for (KnownKey key : writer.keys()) {
        Optional<JsonNode> node = Optional.ofNullable(found.remove(key.path()));
        key.found(
                node.map(n -> n.path("value").asString()),
                node.map(n -> n.path("modifiedIndex").asLong()).orElse(0L))
            .ifPresent(faults::add);
      }
    }
    found.keySet().forEach(path -> faults.add(path + " was never written"));
    long highest = writers.stream().mapToLong(HistoryWriter::highestIndex).max().orElseThrow();
    long stated = Long.parseLong(answer.header("X-Etcd-Index").orElse("-1"));
    if (stated < highest) {
      faults.add("the index went back from " + highest + " to " + stated);
    }
  }

  /** The files below a node; a crash may leave empty directories. */
  private static void collect(JsonNode node, Map<String, JsonNode> files) {
    if (node.path("dir").asBoolean(false)) {
      node.path("nodes").forEach(child -> collect(child, files));
    } else {
      files.put(node.path("key").asString(), node);
    }
  }
}
