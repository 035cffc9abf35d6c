package io.kubekv.benchmarks;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/**
 * Clients that each send the next request when the answer to the last is there, on a connection and
 * a thread of their own: the same program for every contestant. So a slow server is asked less; the
 * figures are answer times under this load, not under a fixed rate.
 */
final class ClosedLoop {
  private ClosedLoop() {}

  /**
   * What a loop showed.
   *
   * @param times from sending a request until its answer was there whole, in nanoseconds
   */
  record Result(Histogram times, Duration took) {
    double perSecond() {
      return times.getTotalCount() / (took.toNanos() / 1e9);
    }

    double medianMillis() {
      return times.getValueAtPercentile(50) / 1e6;
    }

    double millisAt(double percentile) {
      return times.getValueAtPercentile(percentile) / 1e6;
    }
  }

  /** Runs for a time. Blocks; an answer other than 200 or 201 ends the run. */
  static Result run(
      InetSocketAddress store,
      int clients,
      Duration time,
      Function<SplittableRandom, byte[]> requests)
      throws IOException {
    long end = System.nanoTime() + time.toNanos();
    return run(
        store,
        clients,
        client -> {
          SplittableRandom random = new SplittableRandom(client);
          return () ->
              System.nanoTime() < end ? Optional.of(requests.apply(random)) : Optional.empty();
        });
  }

  /** Runs until each client has sent all its requests. */
  static Result run(InetSocketAddress store, int clients, Function<Integer, Source> sources)
      throws IOException {
    return run(clients, () -> HttpConnection.open(store), sources);
  }

  /** The same on connections of the caller's making. */
  static Result run(int clients, Connector connector, Function<Integer, Source> sources)
      throws IOException {
    long begun = System.nanoTime();
    Histogram all = new Histogram(3);
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<Histogram>> running = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        Source source = sources.apply(client);
        running.add(threads.submit(() -> loop(connector, source)));
      }
      for (Future<Histogram> times : running) {
        all.add(times.get());
      }
    } catch (ExecutionException e) {
      throw new IOException("a client failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return new Result(all, Duration.ofNanos(System.nanoTime() - begun));
  }

  /** Where a client's next request comes from; empty ends it. */
  @FunctionalInterface
  interface Source {
    Optional<byte[]> next();

    /** Sees the answer to the request that it gave last, if it wants to. */
    default void answered(HttpAnswer answer) throws IOException {}
  }

  /** Opens a client's connection. */
  @FunctionalInterface
  interface Connector {
    HttpConnection open() throws IOException;
  }

  private static Histogram loop(Connector connector, Source source) {
    Histogram times = new Histogram(3);
    try (HttpConnection connection = connector.open()) {
      connection.readTimeout(Duration.ofSeconds(30));
      for (Optional<byte[]> request = source.next(); request.isPresent(); request = source.next()) {
        long sent = System.nanoTime();
        HttpAnswer answer = connection.exchange(request.get());
        times.recordValue(System.nanoTime() - sent);
        if (answer.status() > 201) {
          throw new IOException("answered " + answer.status() + ": " + answer.body().strip());
        }
        source.answered(answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return times;
  }
}
