package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Counts upwards in one key that nobody else writes, each time through another replica, and reads
 * it back through a third: a read must show the last count that was acknowledged, or a later one
 * that was not. Each write is a compare-and-swap on what was read last, so that one whose answer
 * was lost cannot come late over those that followed it.
 */
final class ReplicaWriter implements Runnable {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** A replica that was stopped does not answer at all. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(1);

  private final String path;
  private final List<Way> ways;
  private final SplittableRandom random;
  private final Queue<Long> acknowledgedAt;
  private final Queue<String> faults;
  private final Map<Long, Long> acknowledged = new ConcurrentHashMap<>();
  private volatile boolean stopped;
  private Optional<Long> index = Optional.empty();
  private boolean unknown;
  private long last;
  private long count;
  private volatile long failed;

  /** To a replica, or to one that somebody else chooses; each call may find another one. */
  record Way(InetSocketAddress address, Optional<SSLContext> tls) {
    /** Without TLS. */
    static Way plain(InetSocketAddress address) {
      return new Way(address, Optional.empty());
    }

    private HttpConnection open() throws IOException {
      return tls.isPresent()
          ? HttpConnection.open(address, tls.get())
          : HttpConnection.open(address);
    }
  }

  /**
   * @param acknowledgedAt takes the moment of each acknowledgement, by {@link System#nanoTime}
   * @param faults takes what must not be
   */
  ReplicaWriter(
      String path,
      List<Way> ways,
      long seed,
      Queue<Long> acknowledgedAt,
      ConcurrentLinkedQueue<String> faults) {
    this.path = path;
    this.ways = ways;
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
    while (!stopped) {
      if (!unknown) {
        write();
      }
      read();
    }
  }

  private void write() {
    count++;
    String condition = index.map(at -> "prevIndex=" + at).orElse("prevExist=false");
    unknown = true;
    try {
      HttpAnswer answer = ask("PUT", "value=" + count + "&" + condition);
      if (answer.status() == 200 || answer.status() == 201) {
        long at = node(answer).path("modifiedIndex").asLong();
        acknowledged.put(count, at);
        acknowledgedAt.add(System.nanoTime());
        last = count;
        index = Optional.of(at);
        unknown = false;
      } else if (answer.status() >= 500) {
        failed++;
      } else if (answer.status() != 412) {
        faults.add(path + " was refused: " + answer.status() + " " + answer.body().strip());
      }
    } catch (IOException noAnswer) {
      failed++;
    }
  }

  /** Reads the key once more; what it must not be goes to the faults, and so does no answer. */
  void readAtTheEnd() {
    long before = failed;
    read();
    if (failed > before) {
      faults.add(path + " cannot be read at the end");
    }
  }

  private void read() {
    try {
      HttpAnswer answer = ask("GET", "");
      if (answer.status() == 200) {
        found(node(answer).path("value").asLong(), node(answer).path("modifiedIndex").asLong());
      } else if (answer.status() == 404) {
        found(0, 0);
      } else {
        failed++;
      }
    } catch (IOException noAnswer) {
      failed++;
    }
  }

  private void found(long value, long at) {
    if (value < last || value > count) {
      faults.add(path + " is " + value + ", but " + last + " was acknowledged");
    }
    last = Math.max(last, value);
    index = at == 0 ? Optional.empty() : Optional.of(at);
    unknown = false;
  }

  private HttpAnswer ask(String method, String body) throws IOException {
    Way way = ways.get(random.nextInt(ways.size()));
    Map<String, String> headers =
        body.isEmpty() ? Map.of() : Map.of("Content-Type", "application/x-www-form-urlencoded");
    try (HttpConnection connection = way.open()) {
      connection.readTimeout(LONGEST_ANSWER);
      return connection.exchange(
          HttpConnection.request(method, "/v2/keys" + path, way.address(), headers, body));
    }
  }

  private static JsonNode node(HttpAnswer answer) {
    return JSON.readTree(answer.body()).path("node");
  }
}
