package io.kubekv.benchmarks.load;

import io.kubekv.e2e.HttpAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * The traffic of Docker engines with {@code --cluster-store} in an overlay network, as it was
 * recorded of two: each engine says every 20 s that it lives, each of these changes wakes a watch
 * of every engine, which then lists all and waits again; and each makes an endpoint and removes it
 * once a minute, which wakes another watch of every engine. So it grows with the square of the
 * hosts.
 */
public final class DockerHosts implements AutoCloseable {
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);
  private static final Duration CHURN = Duration.ofSeconds(60);
  private static final int TTL_SECONDS = 60;
  private static final String NODES = "docker/nodes";
  private static final String ROOT = "docker/network/v1.0/";
  private static final String NETWORK = "7a1c".repeat(16);
  private static final String ENDPOINTS = ROOT + "endpoint/" + NETWORK;
  private static final String COUNT = ROOT + "endpoint_count/" + NETWORK;
  private static final String POOLS = ROOT + "ipam/default/config/GlobalDefault";
  private static final String ADDRESSES = ROOT + "ipam/default/data/GlobalDefault/10.10.0.0/24";
  private static final String DESCRIPTION = "0123456789".repeat(50);
  private static final Pattern SENT = Pattern.compile("\"value\":\"([0-9]+)\"");

  private final InetSocketAddress store;
  private final int hosts;
  private final long seed;
  private final Histogram requests = new ConcurrentHistogram(3);
  private final Histogram lags = new ConcurrentHistogram(3);
  private final AtomicLong events = new AtomicLong();
  private final Queue<HostCalls> open = new ConcurrentLinkedQueue<>();
  private final AtomicReference<Optional<IOException>> failure =
      new AtomicReference<>(Optional.empty());
  private volatile boolean over;

  /** Of so many hosts, which begin at random moments. */
  public DockerHosts(InetSocketAddress store, int hosts, long seed) {
    this.store = store;
    this.hosts = hosts;
    this.seed = seed;
  }

  /**
   * What was seen.
   *
   * @param requests times of all requests but waits, in nanoseconds
   * @param lags from the sending of a heartbeat until an engine has its event, in nanoseconds
   * @param events how many came
   */
  public record Outcome(Histogram requests, Histogram lags, long events, Duration took) {}

  /** Writes what the hosts share: the network, its counter, its addresses. */
  public void prepare() throws IOException {
    try (HostCalls calls = open()) {
      calls.deleteBelow(NODES);
      calls.deleteBelow(ENDPOINTS); // those that hosts before were about to remove at their end
      calls.put(ROOT + "network/" + NETWORK, DESCRIPTION + DESCRIPTION);
      calls.put(COUNT, "0");
      calls.put(POOLS, DESCRIPTION);
      calls.put(ADDRESSES, DESCRIPTION);
      calls.put(ENDPOINTS + "/other", DESCRIPTION);
      for (int host = 0; host < hosts; host++) {
        calls.putFor(NODES + "/" + address(host), "0", TTL_SECONDS);
      }
    }
    requests.reset();
  }

  private HostCalls open() throws IOException {
    HostCalls calls = new HostCalls(store, requests);
    open.add(calls);
    return calls;
  }

  private static String address(int host) {
    return "10.0." + host / 250 + "." + host % 250 + ":2376";
  }

  /** One of an engine's activities. */
  @FunctionalInterface
  private interface Activity {
    void run() throws IOException, InterruptedException;
  }

  /** Lets all hosts run for a time; blocks. The first failure ends it. */
  public Outcome run(Duration time) throws IOException {
    List<Thread> threads = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    long begun = System.nanoTime();
    for (int number = 0; number < hosts; number++) {
      int host = number;
      long beat = begun + random.nextLong(HEARTBEAT.toNanos());
      long churn = begun + random.nextLong(CHURN.toNanos());
      threads.add(start(() -> watchNodes()));
      threads.add(start(() -> watchEndpoints()));
      threads.add(start(() -> every(HEARTBEAT, beat, calls -> heartbeat(calls, host))));
      threads.add(start(() -> every(CHURN, churn, calls -> churn(calls, host))));
    }
    try {
      long end = begun + time.toNanos();
      while (System.nanoTime() < end && failure.get().isEmpty()) {
        Thread.sleep(20);
      }
      Outcome outcome =
          new Outcome(
              requests.copy(),
              lags.copy(),
              events.get(),
              Duration.ofNanos(System.nanoTime() - begun));
      close();
      for (Thread thread : threads) {
        thread.join();
      }
      if (failure.get().isPresent()) {
        throw failure.get().get();
      }
      return outcome;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Thread start(Activity activity) {
    return Thread.startVirtualThread(
        () -> {
          try {
            activity.run();
          } catch (IOException e) {
            if (!over) {
              failure.compareAndSet(Optional.empty(), Optional.of(e));
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private void watchNodes() throws IOException {
    try (HostCalls calls = open()) {
      long next = HostCalls.stateIndex(calls.list(NODES)) + 1;
      while (!over) {
        HttpAnswer event = calls.await(NODES, next, true);
        seen(event);
        next = HostCalls.index(event) + 1;
        calls.list(NODES);
      }
    }
  }

  private void seen(HttpAnswer event) {
    events.incrementAndGet();
    Matcher sent = SENT.matcher(event.body());
    if (event.body().startsWith("{\"action\":\"set\"") && sent.find()) {
      lags.recordValue(Math.max(0, System.nanoTime() - Long.parseLong(sent.group(1))));
    }
  }

  private void watchEndpoints() throws IOException {
    try (HostCalls calls = open()) {
      long next = HostCalls.stateIndex(calls.get(COUNT)) + 1;
      while (!over) {
        HttpAnswer event = calls.await(COUNT, next, false);
        events.incrementAndGet();
        next = HostCalls.index(event) + 1;
        calls.list(ENDPOINTS);
      }
    }
  }

  /** What an engine does from time to time. */
  @FunctionalInterface
  private interface Deed {
    void run(HostCalls calls) throws IOException;
  }

  private void every(Duration interval, long first, Deed deed)
      throws IOException, InterruptedException {
    for (long due = first; !over; due += interval.toNanos()) {
      while (!over && System.nanoTime() < due) {
        Thread.sleep(Duration.ofNanos(Math.clamp(due - System.nanoTime(), 0, 100_000_000)));
      }
      if (!over) {
        // a connection that was idle for a minute may have been closed by the store
        HostCalls calls = open();
        try (calls) {
          deed.run(calls);
        } finally {
          open.remove(calls);
        }
      }
    }
  }

  private void heartbeat(HostCalls calls, int host) throws IOException {
    calls.putFor(NODES + "/" + address(host), Long.toString(System.nanoTime()), TTL_SECONDS);
  }

  /** An endpoint made and removed, request by request as libnetwork does. */
  private void churn(HostCalls calls, int host) throws IOException {
    String endpoint = ENDPOINTS + "/" + "%064x".formatted(host);
    calls.get(ENDPOINTS);
    calls.list(ENDPOINTS);
    lookUp(calls);
    calls.get(POOLS);
    calls.change(ADDRESSES, DESCRIPTION);
    long index = HostCalls.index(calls.create(endpoint, DESCRIPTION));
    calls.change(COUNT, "1");
    lookUp(calls);
    calls.get(endpoint);
    calls.delete(endpoint, index);
    calls.get(POOLS);
    calls.change(ADDRESSES, DESCRIPTION);
    calls.change(COUNT, "0");
  }

  private static void lookUp(HostCalls calls) throws IOException {
    calls.get(ROOT + "network");
    calls.list(ROOT + "network");
    calls.get(ROOT + "endpoint_count");
    calls.list(ROOT + "endpoint_count");
  }

  /** Ends all hosts. */
  @Override
  public void close() throws IOException {
    over = true;
    for (HostCalls calls : open) {
      calls.close();
    }
  }
}
