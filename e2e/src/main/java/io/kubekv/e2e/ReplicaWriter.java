package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Counts upwards in one key that nobody else writes, each time through another replica, and reads
 * it back through a third: a read must show the last count that was acknowledged, or a later one
 * that was not.
 */
final class ReplicaWriter implements Runnable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  private final String path;
  private final List<StoreProcess> replicas;
  private final SplittableRandom random;
  private final Queue<Long> acknowledgedAt;
  private final Queue<String> faults;
  private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();
  private volatile boolean stopped;
  private volatile long last;
  private long failed;

  /**
   * @param acknowledgedAt takes the moment of each acknowledgement, by {@link System#nanoTime}
   * @param faults takes what must not be
   */
  ReplicaWriter(
      String path,
      List<StoreProcess> replicas,
      long seed,
      Queue<Long> acknowledgedAt,
      ConcurrentLinkedQueue<String> faults) {
    this.path = path;
    this.replicas = replicas;
    this.random = new SplittableRandom(seed);
    this.acknowledgedAt = acknowledgedAt;
    this.faults = faults;
  }

  String path() {
    return path;
  }

  /** The index of each count that was acknowledged. */
  Map<Long, Long> acknowledged() {
    return acknowledged;
  }

  /** How many requests had no answer, or one of a store that cannot tell. */
  long failed() {
    return failed;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    long count = 0;
    while (!stopped) {
      count++;
      write(count);
      read(count);
    }
  }

  private void write(long count) {
    try {
      HttpAnswer answer = ask("PUT", "value=" + count);
      if (answer.status() == 200 || answer.status() == 201) {
        acknowledged.put(count, node(answer).path("modifiedIndex").asLong());
        last = count;
        acknowledgedAt.add(System.nanoTime());
      } else if (answer.status() >= 500) {
        failed++;
      } else {
        faults.add(path + " was refused: " + answer.status() + " " + answer.body().strip());
      }
    } catch (IOException noAnswer) {
      failed++;
    }
  }

  private void read(long written) {
    long expected = last;
    try {
      HttpAnswer answer = ask("GET", "");
      if (answer.status() == 200) {
        long found = node(answer).path("value").asLong();
        if (found < expected || found > written) {
          faults.add(path + " is " + found + ", but " + expected + " was acknowledged");
        }
      } else if (answer.status() == 404 && expected > 0) {
        faults.add(path + " is missing, but " + expected + " was acknowledged");
      }
    } catch (IOException noAnswer) {
      failed++;
    }
  }

  private HttpAnswer ask(String method, String body) throws IOException {
    InetSocketAddress address = replicas.get(random.nextInt(replicas.size())).address();
    Map<String, String> headers =
        body.isEmpty() ? Map.of() : Map.of("Content-Type", "application/x-www-form-urlencoded");
    try (HttpConnection connection = HttpConnection.open(address)) {
      connection.readTimeout(LONGEST_ANSWER);
      return connection.exchange(
          HttpConnection.request(method, "/v2/keys" + path, address, headers, body));
    }
  }

  private static JsonNode node(HttpAnswer answer) {
    return JSON.readTree(answer.body()).path("node");
  }
}
