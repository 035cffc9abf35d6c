package io.kubekv.benchmarks;

import io.kubekv.benchmarks.load.KubekvClients;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code benchmarks/run lock-handover}: from a release to the next client's lock, against a put of
 * the same server.
 */
final class LockHandOverBenchmark {
  private static final int KEYS = 100;
  private static final double BAR = 1.5;

  private LockHandOverBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("lock-handover", arguments, LockHandOverBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    arguments.end();
    Written written = new Written(KEYS, GrpcKeys::name);
    try (StoreProcess store = StoreProcess.kubekv();
        GrpcLoop<?, ?> puts = GrpcKeys.puts(store, written);
        HandOvers handOvers = new HandOvers(store)) {
      double ratio =
          new SideBySide(
                  new Proven(puts, () -> KubekvClients.open(store.grpc()), written), handOvers)
              .run("hand-over", 1, quick ? 5 : 15, Duration.ofSeconds(quick ? 2 : 4))
              .medianRatio();
      String figure = String.format(Locale.ROOT, "p50 %.2f x that of a put", ratio);
      return new Check.Verdict(figure, "<= 1.5 x", ratio <= BAR);
    }
  }
}
