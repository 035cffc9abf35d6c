package io.kubekv.benchmarks;

import io.kubekv.benchmarks.load.Pace;
import io.kubekv.benchmarks.load.Ticker;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Clients that want little, at a fixed rate: four reads to a write. What is late counts from when
 * it was due.
 */
final class PacedClients {
  private static final int CLIENTS = 8;
  private static final double PER_SECOND = 400;
  private static final int KEYS = 1000;

  private final InetSocketAddress store;

  PacedClients(InetSocketAddress store) {
    this.store = store;
  }

  /**
   * What they saw.
   *
   * @param times from when a request was due until its answer was there, in nanoseconds
   * @param failures answers that were neither 200 nor 201
   */
  record Seen(Histogram times, long failures) {
    double p99Millis() {
      return times.getValueAtPercentile(99) / 1e6;
    }
  }

  /** Blocks for about that time. */
  Seen run(Duration time) throws IOException {
    Ticker ticker = Ticker.SYSTEM;
    Pace pace = Pace.fixedRate(ticker, PER_SECOND, time);
    Histogram times = new ConcurrentHistogram(3);
    LongAdder failures = new LongAdder();
    Thread[] clients = new Thread[CLIENTS];
    for (int client = 0; client < CLIENTS; client++) {
      SplittableRandom random = new SplittableRandom(client);
      clients[client] = Thread.ofPlatform().start(() -> ask(pace, ticker, random, times, failures));
    }
    try {
      for (Thread client : clients) {
        client.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    failures.add(pace.unsent());
    return new Seen(times, failures.sum());
  }

  private void ask(
      Pace pace, Ticker ticker, SplittableRandom random, Histogram times, LongAdder failures) {
    try (HttpConnection connection = HttpConnection.open(store)) {
      for (OptionalLong due = pace.next(); due.isPresent(); due = pace.next()) {
        TimeUnit.NANOSECONDS.sleep(due.getAsLong() - ticker.nanos());
        int status = connection.exchange(next(random)).status();
        times.recordValue(ticker.nanos() - due.getAsLong());
        if (status != 200 && status != 201) {
          failures.increment();
        }
      }
    } catch (IOException cutOff) {
      failures.increment();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] next(SplittableRandom random) {
    int key = random.nextInt(KEYS);
    return random.nextInt(5) == 0 ? Keys.put(store, key) : Keys.linearizableGet(store, key);
  }
}
