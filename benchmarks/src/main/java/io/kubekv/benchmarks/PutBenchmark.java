package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code benchmarks/run put}: durable PUTs of 200 bytes by one client and by 64 at once, against
 * etcd's.
 */
final class PutBenchmark {
  private static final int KEYS = 1000;
  private static final double MEDIAN_BAR = 1.5;
  private static final double THROUGHPUT_BAR = 0.7;

  private PutBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("put", arguments, PutBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    String candidate = arguments.option("--candidate").orElse("kubekv");
    arguments.end();
    int rounds = quick ? 5 : 11;
    Duration slice = Duration.ofSeconds(quick ? 2 : 4);
    try (StoreProcess etcd = StoreProcess.etcd();
        StoreProcess other = StoreProcess.named(candidate)) {
      Keys.fill(etcd.address(), KEYS);
      Keys.fill(other.address(), KEYS);
      SideBySide comparison =
          new SideBySide(etcd, other, (store, random) -> Keys.put(store, random.nextInt(KEYS)));
      comparison.warmUp(64, slice.multipliedBy(quick ? 1 : 10));
      double median = comparison.run("put, 1 client", 1, rounds, slice).medianRatio();
      double throughput = comparison.run("put, 64 clients", 64, rounds, slice).throughputRatio();
      String figure =
          String.format(
              Locale.ROOT,
              "1 client p50 %.2f x, 64 clients throughput %.2f x etcd's",
              median,
              throughput);
      return new Check.Verdict(
          figure, "<= 1.5 x, >= 0.7 x", median <= MEDIAN_BAR && throughput >= THROUGHPUT_BAR);
    }
  }
}
