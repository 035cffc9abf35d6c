package io.kubekv.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/**
 * Sessions that each send the next request when the answer to the last is there, as in {@link
 * ClosedLoop}, by ZooKeeper's protocol: a thread and a connection for each.
 */
final class ZooKeeperLoop implements SideBySide.Contestant {
  private final String name;
  private final InetSocketAddress server;
  private final ZooKeeperWork work;

  ZooKeeperLoop(String name, InetSocketAddress server, ZooKeeperWork work) {
    this.name = name;
    this.server = server;
    this.work = work;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
    List<ZooKeeperClient> sessions = new ArrayList<>();
    try {
      for (int client = 0; client < clients; client++) {
        sessions.add(new ZooKeeperClient(server));
      }
      try (ZooKeeperClient own = new ZooKeeperClient(server)) {
        work.begin(own);
      }
      ClosedLoop.Result result = loaded(sessions, time);
      try (ZooKeeperClient own = new ZooKeeperClient(server)) {
        work.prove(own, result.times().getTotalCount());
      }
      return result;
    } finally {
      for (ZooKeeperClient each : sessions) {
        each.close();
      }
    }
  }

  private ClosedLoop.Result loaded(List<ZooKeeperClient> sessions, Duration time)
      throws IOException {
    long begun = System.nanoTime();
    Histogram all = new Histogram(3);
    try (ExecutorService threads = Executors.newFixedThreadPool(sessions.size())) {
      List<Future<Histogram>> running = new ArrayList<>();
      for (int i = 0; i < sessions.size(); i++) {
        ZooKeeperClient session = sessions.get(i);
        SplittableRandom random = new SplittableRandom(i);
        running.add(threads.submit(() -> loop(session, random, begun + time.toNanos())));
      }
      for (Future<Histogram> times : running) {
        all.add(times.get());
      }
    } catch (ExecutionException e) {
      throw new IOException("a session of " + name + " failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return new ClosedLoop.Result(all, Duration.ofNanos(System.nanoTime() - begun));
  }

  private Histogram loop(ZooKeeperClient session, SplittableRandom random, long end)
      throws IOException {
    Histogram times = new Histogram(3);
    while (System.nanoTime() < end) {
      long sent = System.nanoTime();
      work.once(session, random);
      times.recordValue(System.nanoTime() - sent);
    }
    return times;
  }
}
