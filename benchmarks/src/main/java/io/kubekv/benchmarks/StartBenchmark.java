package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * {@code benchmarks/run start}: from the launch of the already built program until it is ready, on
 * an empty folder and right after {@code kill -9}.
 */
final class StartBenchmark {
  private static final double BAR_SECONDS = 3;
  private static final int KEYS = 1000;

  private StartBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("start", arguments, StartBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    int starts = arguments.count("--starts", arguments.flag("--quick") ? 3 : 10);
    String candidate = arguments.option("--candidate").orElse("kubekv");
    arguments.end();
    double[] fresh = new double[starts];
    double[] killed = new double[starts];
    for (int i = 0; i < starts; i++) {
      try (StoreProcess store = StoreProcess.named(candidate)) {
        fresh[i] = store.readyAfter().toNanos() / 1e9;
        Keys.fill(store.address(), KEYS);
        store.kill();
        killed[i] = store.startAgain().toNanos() / 1e9;
      }
    }
    double longest =
        Math.max(
            print("on an empty folder", fresh),
            print("with " + KEYS + " keys, right after kill -9", killed));
    return new Check.Verdict(
        String.format(Locale.ROOT, "ready in at most %.2f s", longest),
        "<= 3 s",
        longest <= BAR_SECONDS);
  }

  private static double print(String what, double... seconds) {
    double longest = Arrays.stream(seconds).max().orElseThrow();
    Check.say("start %s: p50 %.2f s, longest %.2f s", what, Check.median(seconds), longest);
    return longest;
  }
}
