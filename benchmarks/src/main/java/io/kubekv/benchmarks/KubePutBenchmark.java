package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * {@code benchmarks/run put --kube}: PUTs of 200 bytes to kubekv on a kube-apiserver, against PUTs
 * of the same custom resources to that API server itself, with one watch of them open.
 */
final class KubePutBenchmark {
  private static final int KEYS = 1000;
  private static final double ADDED_MILLIS_BAR = 0.7;
  private static final double THROUGHPUT_BAR = 0.7;

  private KubePutBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("put --kube", arguments, KubePutBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    arguments.end();
    int rounds = quick ? 5 : 11;
    Duration slice = Duration.ofSeconds(quick ? 2 : 4);
    try (RawObjects raw = RawObjects.create(ClusterStore.create(), KEYS);
        StoreProcess kubekv = StoreProcess.kubekv()) {
      Keys.fill(kubekv.address(), KEYS);
      SideBySide comparison = new SideBySide(raw, new ThroughKubekv(kubekv.address()));
      comparison.warmUp(64, slice.multipliedBy(quick ? 1 : 10));
      double added = comparison.run("put, 1 client", 1, rounds, slice).addedMillis();
      double throughput = comparison.run("put, 64 clients", 64, rounds, slice).throughputRatio();
      String figure =
          String.format(
              Locale.ROOT,
              "1 client p50 raw %+.2f ms, 64 clients throughput %.2f x raw",
              added,
              throughput);
      return new Check.Verdict(
          figure,
          "<= raw +0.7 ms, >= 0.7 x",
          added <= ADDED_MILLIS_BAR && throughput >= THROUGHPUT_BAR);
    }
  }

  private record ThroughKubekv(InetSocketAddress store) implements SideBySide.Contestant {
    @Override
    public String name() {
      return "kubekv";
    }

    @Override
    public ClosedLoop.Result slice(int clients, Duration time) throws IOException {
      return ClosedLoop.run(store, clients, time, this::next);
    }

    private byte[] next(SplittableRandom random) {
      return Keys.put(store, random.nextInt(KEYS));
    }
  }
}
