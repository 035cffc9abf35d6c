package io.kubekv.benchmarks;

import io.kubekv.benchmarks.report.Target;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code benchmarks/run get}: one client's linearizable GETs of small values, against etcd's quorum
 * GETs.
 */
final class GetBenchmark {
  private static final int KEYS = 100;

  private GetBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("get", arguments, GetBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    String candidate = arguments.option("--candidate").orElse("kubekv");
    arguments.end();
    try (StoreProcess etcd = StoreProcess.etcd();
        StoreProcess other = StoreProcess.named(candidate)) {
      Keys.fill(etcd.address(), KEYS);
      Keys.fill(other.address(), KEYS);
      SideBySide comparison =
          new SideBySide(
              etcd, other, (store, random) -> Keys.linearizableGet(store, random.nextInt(KEYS)));
      SideBySide.Ratios ratios =
          comparison.run("get, 1 client", 1, quick ? 5 : 15, Duration.ofSeconds(quick ? 2 : 4));
      String figure = String.format(Locale.ROOT, "p50 %.2f x etcd's", ratios.medianRatio());
      return new Check.Verdict(
          figure, Target.GET_ALONE.plain(), Target.GET_ALONE.isMetBy(ratios.medianRatio()));
    }
  }
}
