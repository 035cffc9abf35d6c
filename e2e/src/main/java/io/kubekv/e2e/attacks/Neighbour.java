package io.kubekv.e2e.attacks;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * A well-behaved client: fifty requests a second on four connections, four reads to a write, of
 * keys of its own. What is late counts from when it was due. It remembers what was acknowledged.
 */
final class Neighbour implements AutoCloseable {
  private static final int CLIENTS = 4;
  private static final int KEYS = 20;

  /** Then a connection is given up for a new one: whoever comes now must be let in, too. */
  private static final int REQUESTS_OF_A_CONNECTION = 25;

  private static final Duration EACH = Duration.ofMillis(80);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Victim victim;
  private final Recorder times = new Recorder(3);
  private final LongAdder failures = new LongAdder();
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean over;

  Neighbour(Victim victim) {
    this.victim = victim;
    for (int client = 0; client < CLIENTS; client++) {
      int number = client;
      threads.add(Thread.ofPlatform().name("neighbour").start(() -> live(number)));
    }
  }

  /** What it saw since the last call of this. */
  Observed.Seen seen() {
    Histogram interval = times.getIntervalHistogram();
    return new Observed.Seen(
        interval.getValueAtPercentile(99) / 1e6, interval.getTotalCount(), failures.sumThenReset());
  }

  /** Stops it; of each key the value that was acknowledged last, if that is certain. */
  Map<String, String> stop() {
    close();
    return Map.copyOf(acknowledged);
  }

  private void live(int client) {
    long due = System.nanoTime() + EACH.toNanos() * client / CLIENTS;
    Optional<HttpConnection> connection = Optional.empty();
    for (int request = 0; !over; request++, due += EACH.toNanos()) {
      try {
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        if (connection.isEmpty()) {
          connection = Optional.of(victim.connect());
          connection.get().readTimeout(PATIENCE);
        }
        ask(connection.get(), client, request);
        if (request % REQUESTS_OF_A_CONNECTION == REQUESTS_OF_A_CONNECTION - 1) {
          hangUp(connection.get());
          connection = Optional.empty();
        }
      } catch (IOException failure) {
        if (!over) {
          failures.increment();
        }
        connection.ifPresent(Neighbour::hangUp);
        connection = Optional.empty();
      } catch (InterruptedException e) {
        break;
      }
      times.recordValue(Math.max(0, System.nanoTime() - due));
    }
    connection.ifPresent(Neighbour::hangUp);
  }

  private void ask(HttpConnection connection, int client, int request) throws IOException {
    String key = "neighbour/" + client + "/" + request / 5 % KEYS;
    if (request % 5 == 0) {
      String value = "v" + request;
      acknowledged.remove(key); // until it is certain again
      HttpAnswer answer = connection.exchange(victim.put(key, value));
      if (answer.status() == 200 || answer.status() == 201) {
        acknowledged.put(key, value);
      } else {
        failures.increment();
      }
    } else if (connection.exchange(victim.get(key)).status() != 200) {
      failures.increment();
    }
  }

  private static void hangUp(HttpConnection connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // it is gone, which was wanted
    }
  }

  @Override
  public void close() {
    over = true;
    for (Thread thread : threads) {
      thread.interrupt();
    }
    try {
      for (Thread thread : threads) {
        thread.join(PATIENCE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
