package io.kubekv.e2e.expiry;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A key with a time to live, as one sees it who asks for it ten times a second at each process,
 * until it is gone. Its time begins before the request is sent that makes it.
 */
final class ShortLived implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(3);
  private static final String TYPE = "application/x-www-form-urlencoded";

  private final String key;
  private final List<StoreProcess> processes;
  private final long begun;
  private final Thread looking = Thread.ofVirtual().unstarted(this::look);
  private volatile boolean closed;
  private volatile long lastThere;
  private volatile OptionalLong goneAt = OptionalLong.empty();

  private ShortLived(String key, List<StoreProcess> processes, long begun) {
    this.key = key;
    this.processes = processes;
    this.begun = begun;
    this.lastThere = begun;
  }

  /** Makes it at the first of the processes. */
  static ShortLived make(String key, int seconds, List<StoreProcess> processes) throws IOException {
    long begun = System.nanoTime();
    Map<String, String> headers = Map.of("Content-Type", TYPE);
    HttpAnswer answer =
        exchange(processes.getFirst(), "PUT", key, headers, "value=v&ttl=" + seconds);
    if (answer.status() != 201) {
      throw new IOException("the key was not made: " + answer);
    }
    ShortLived made = new ShortLived(key, processes, begun);
    made.looking.start();
    return made;
  }

  private void look() {
    while (!closed && !isGone()) {
      processes.forEach(this::look);
      Waiting.pause(EVERY);
    }
  }

  /** Whoever does not answer, or cannot say, is passed over. */
  private void look(StoreProcess process) {
    try {
      int status = exchange(process, "GET", key, Map.of(), "").status();
      if (status == 200) {
        lastThere = System.nanoTime();
      } else if (status == 404 && goneAt.isEmpty()) {
        goneAt = OptionalLong.of(System.nanoTime());
      }
    } catch (IOException down) {
      Waiting.pause(EVERY);
    }
  }

  /** Waits until it is gone, or for so long since its time began. */
  void await(Duration age) {
    while (!isGone() && System.nanoTime() - begun < age.toNanos()) {
      Waiting.pause(EVERY);
    }
  }

  boolean isGone() {
    return goneAt.isPresent();
  }

  /** How long after its time began it was first seen to be gone. */
  Duration gone() {
    return Duration.ofNanos(goneAt.orElseThrow() - begun);
  }

  /** How long after its time began it was last seen, also by a process that was asked later. */
  Duration there() {
    return Duration.ofNanos(lastThere - begun);
  }

  @Override
  public void close() {
    closed = true;
  }

  private static HttpAnswer exchange(
      StoreProcess process, String method, String key, Map<String, String> headers, String body)
      throws IOException {
    InetSocketAddress address = process.address();
    try (HttpConnection connection = HttpConnection.open(address)) {
      connection.readTimeout(ANSWERED_WITHIN);
      return connection.exchange(
          HttpConnection.request(method, "/v2/keys" + key, address, headers, body));
    }
  }
}
