package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.process.ResidentMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code benchmarks/run keys}: what 100,000 keys cost, in memory and in the time of a GET, against
 * a store of the same kind with 100.
 */
final class KeysBenchmark {
  private static final int FEW = 100;
  private static final double GET_BAR = 1.5;
  private static final double MEMORY_BAR_MIB = 1024;

  private KeysBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("keys", arguments, KeysBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    int many = arguments.count("--keys", quick ? 20_000 : 100_000);
    String candidate = arguments.option("--candidate").orElse("kubekv");
    arguments.end();
    try (StoreProcess small = StoreProcess.named(candidate);
        StoreProcess large = StoreProcess.named(candidate)) {
      Keys.fill(small.address(), FEW);
      ClosedLoop.Result filled = Keys.fill(large.address(), many);
      Check.say(
          "%d keys written by 64 clients in %.1f s, %.0f/s",
          many, filled.took().toNanos() / 1e9, filled.perSecond());
      SideBySide comparison =
          new SideBySide(
              small,
              large,
              (store, random) ->
                  Keys.linearizableGet(
                      store, random.nextInt(store.equals(small.address()) ? FEW : many)));
      double ratio =
          comparison
              .run(
                  "get, 1 client, " + FEW + " and " + many + " keys",
                  1,
                  quick ? 5 : 11,
                  Duration.ofSeconds(quick ? 2 : 4))
              .medianRatio();
      double memory = ResidentMemory.mebibytes(large);
      String figure =
          String.format(
              Locale.ROOT,
              "GET p50 %.2f x that with %d keys, %.0f MiB resident with %d",
              ratio,
              FEW,
              memory,
              many);
      return new Check.Verdict(
          figure, "<= 1.5 x, <= 1024 MiB", ratio <= GET_BAR && memory <= MEMORY_BAR_MIB);
    }
  }
}
