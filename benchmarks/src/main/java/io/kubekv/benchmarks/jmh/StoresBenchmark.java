package io.kubekv.benchmarks.jmh;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** {@code benchmarks/run stores}: each store behind the port, in this process, without a door. */
public final class StoresBenchmark {
  private static final List<Integer> THREADS = List.of(1, 8, 64);
  private static final String[] SIZES = {"100", "1024", "102400"};
  private static final String[] QUICK_SIZES = {"1024"};

  private StoresBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("stores", arguments, StoresBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    String verb = arguments.option("--only").orElse("");
    List<String> stores = arguments.option("--on").map(List::of).orElse(Backends.available());
    arguments.end();
    int measured = 0;
    for (int threads : quick ? THREADS.subList(0, 2) : THREADS) {
      ChainedOptionsBuilder options =
          JmhRun.options(quick)
              .include("\\.StoreBenchmark\\." + verb)
              .mode(Mode.SampleTime)
              .threads(threads)
              .param("backend", stores.toArray(String[]::new))
              .param("size", quick ? QUICK_SIZES : SIZES);
      Collection<RunResult> results = JmhRun.run(options, "stores-" + threads);
      results.forEach(result -> Check.say("%2d threads  %s", threads, Measured.of(result)));
      measured += results.size();
    }
    String figure = "%d measured, on %s".formatted(measured, String.join(", ", stores));
    return new Check.Verdict(figure, "all measured", measured > 0);
  }
}
