package io.kubekv.benchmarks.jmh;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** {@code benchmarks/run stages}: what a request passes inside the process, stage by stage. */
public final class StagesBenchmark {
  private static final List<String> STAGES =
      List.of(
          "LeaseBenchmark", "EtcdRenderingBenchmark", "ConsulRenderingBenchmark", "DoorBenchmark");

  private static final double DOOR_MICROS = 60;
  private static final double DOOR_BYTES = 6 * 1024;

  private StagesBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("stages", arguments, StagesBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    String only = arguments.option("--only").orElse("");
    arguments.end();
    ChainedOptionsBuilder options = JmhRun.options(quick);
    STAGES.stream()
        .filter(stage -> stage.contains(only))
        .forEach(stage -> options.include("\\." + stage + "\\."));
    Collection<RunResult> results = JmhRun.run(options, "stages");
    results.forEach(result -> Check.say("%s", Measured.of(result)));
    return verdict(results.stream().map(Measured::of).filter(Measured::isOfADoor).toList());
  }

  /** The bar is on what a door adds to a cached read. */
  private static Check.Verdict verdict(List<Measured> doors) {
    double micros = doors.stream().mapToDouble(Measured::processorMicros).max().orElse(0);
    double bytes = doors.stream().mapToDouble(Measured::allocated).max().orElse(0);
    return new Check.Verdict(
        doors.isEmpty()
            ? "no door was measured"
            : "a read through the costlier door: %.0f us of CPU, %.0f B".formatted(micros, bytes),
        "<= %.0f us, <= %.0f B".formatted(DOOR_MICROS, DOOR_BYTES),
        micros <= DOOR_MICROS && bytes <= DOOR_BYTES);
  }
}
