package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Waits for one change after the other, and goes on with the next index at another replica when the
 * one that it waits at goes away.
 */
final class ReplicaWatcher implements Runnable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final String name;
  private final String root;
  private final List<StoreProcess> replicas;
  private final ConcurrentLinkedQueue<String> faults;
  private final Map<Long, String> seen = new TreeMap<>();
  private volatile boolean stopped;
  private volatile long next;
  private int at;
  private long moves;

  /**
   * @param from the first index wanted
   * @param at the replica to begin with
   */
  ReplicaWatcher(
      String root,
      List<StoreProcess> replicas,
      long from,
      int at,
      ConcurrentLinkedQueue<String> faults) {
    this.name = "watcher " + at;
    this.root = root;
    this.replicas = replicas;
    this.next = from;
    this.at = at;
    this.faults = faults;
  }

  /** What it has seen, as KEY=VALUE by index; to be called when its thread has ended. */
  Map<Long, String> seen() {
    return seen;
  }

  /** How often it went to another replica. */
  long moves() {
    return moves;
  }

  /** The index that it waits for. */
  long next() {
    return next;
  }

  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    while (!stopped) {
      try {
        follow(replicas.get(at).address());
      } catch (IOException gone) {
        at = (at + 1) % replicas.size();
        moves++;
        Waiting.pause(PAUSE);
      }
    }
  }

  /** Until the replica no longer answers, or not for long enough. */
  private void follow(InetSocketAddress address) throws IOException {
    while (!stopped) {
      String target = "/v2/keys" + root + "?wait=true&recursive=true&waitIndex=" + next;
      try (HttpConnection connection = HttpConnection.open(address)) {
        connection.readTimeout(Duration.ofSeconds(3));
        HttpAnswer answer =
            connection.exchange(HttpConnection.request("GET", target, address, Map.of(), ""));
        if (answer.status() >= 500) {
          throw new IOException("not now");
        }
        take(answer);
      }
    }
  }

  private void take(HttpAnswer answer) {
    JsonNode node = JSON.readTree(answer.body()).path("node");
    long index = node.path("modifiedIndex").asLong();
    if (answer.status() != 200 || index < next) {
      faults.add(
          "%s waits for %d and is answered %d %s"
              .formatted(name, next, answer.status(), answer.body().strip()));
      stopped = true;
      return;
    }
    seen.put(index, node.path("key").asString() + "=" + node.path("value").asString());
    next = index + 1;
  }
}
