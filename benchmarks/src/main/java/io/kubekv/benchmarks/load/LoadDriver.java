package io.kubekv.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * Puts a load on a store with clients on threads of their own. What a request took counts from its
 * intended start, so that a store which holds up its clients is charged for the requests that they
 * could not send meanwhile (no coordinated omission).
 */
public final class LoadDriver {
  private final Ticker ticker;
  private final int clients;
  private final Client.Connector connector;
  private final Workload workload;
  private final long seed;

  /**
   * @param clients how many; at a fixed rate, how many requests can be on their way at once
   * @param seed of the choice of requests; each client has its own, derived from it
   */
  public LoadDriver(
      Ticker ticker, int clients, Client.Connector connector, Workload workload, long seed) {
    this.ticker = ticker;
    this.clients = clients;
    this.connector = connector;
    this.workload = workload;
    this.seed = seed;
  }

  /**
   * What a load showed.
   *
   * @param times from the intended start until the answer was there whole, in nanoseconds
   * @param took from the first client's start until the last client's end
   * @param unsent how many requests of a fixed rate were given up
   * @param puts how many of the requests that were answered were writes of a key
   * @param written keys that were written: the last of each client
   */
  public record Outcome(
      Histogram times, Duration took, long unsent, long puts, List<String> written) {
    public double perSecond() {
      return times.getTotalCount() / (took.toNanos() / 1e9);
    }

    public double millisAt(double percentile) {
      return times.getValueAtPercentile(percentile) / 1e6;
    }
  }

  /** Opens the clients, then starts the pace. Blocks until it ends; the first failure ends it. */
  public Outcome run(java.util.function.Supplier<Pace> start) throws IOException {
    List<Client> opened = new ArrayList<>();
    try {
      for (int client = 0; client < clients; client++) {
        opened.add(connector.open());
      }
      return run(opened, start.get());
    } finally {
      for (Client client : opened) {
        client.close();
      }
    }
  }

  private Outcome run(List<Client> opened, Pace pace) throws IOException {
    long begun = ticker.nanos();
    Histogram all = new Histogram(3);
    long puts = 0;
    List<String> written = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      List<Future<Answered>> running = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        Client own = opened.get(client);
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + client);
        running.add(threads.submit(() -> loop(own, pace, random)));
      }
      for (Future<Answered> own : running) {
        Answered answered = own.get();
        all.add(answered.times());
        puts += answered.puts();
        answered.written().ifPresent(written::add);
      }
    } catch (ExecutionException e) {
      throw new IOException("a client failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    Duration took = Duration.ofNanos(ticker.nanos() - begun);
    return new Outcome(all, took, pace.unsent(), puts, List.copyOf(written));
  }

  /** What one client's requests showed; the key of its last write. */
  private record Answered(Histogram times, long puts, Optional<String> written) {}

  private Answered loop(Client client, Pace pace, SplittableRandom random) {
    Histogram times = new Histogram(3);
    long puts = 0;
    Optional<String> written = Optional.empty();
    try {
      for (OptionalLong start = pace.next(); start.isPresent(); start = pace.next()) {
        ticker.await(start.getAsLong());
        Operation operation = workload.next(random);
        client.perform(operation);
        times.recordValue(Math.max(0, ticker.nanos() - start.getAsLong()));
        if (operation instanceof Operation.Put put) {
          puts++;
          written = Optional.of(put.key());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answered(times, puts, written);
  }
}
