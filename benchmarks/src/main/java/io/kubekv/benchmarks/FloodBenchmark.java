package io.kubekv.benchmarks;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.process.ResidentMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run flood}: what clients that want little see while another takes whatever it
 * gets, against what they see without it; with the limits that the chart sets.
 */
final class FloodBenchmark {
  private static final double BAR = 2.0;
  private static final double MEMORY_BAR = 1.25;
  private static final int KEYS = 1000;
  private static final String[] LIMITS = {
    "--client-qps", "1000",
    "--client-burst", "300",
    "--client-bytes-per-second", "4MiB",
    "--client-requests-in-flight", "64",
    "--client-connections", "2000",
    "--client-watches", "2000",
    "--max-list-bytes", "64MiB"
  };

  private FloodBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("flood", arguments, FloodBenchmark::run);
  }

  /** What a kind of flood did. */
  private record Figures(double ratio, long failures, double memory) {}

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    boolean unlimited = arguments.flag("--unlimited");
    List<Flood.Kind> kinds =
        arguments
            .option("--kind")
            .map(name -> List.of(Flood.Kind.valueOf(name.toUpperCase(Locale.ROOT))))
            .orElse(List.of(Flood.Kind.values()));
    arguments.end();
    int rounds = quick ? 3 : 9;
    Duration slice = Duration.ofSeconds(quick ? 3 : 8);
    List<Figures> all = new ArrayList<>();
    for (Flood.Kind kind : kinds) {
      try (StoreProcess store = StoreProcess.embedded(unlimited ? new String[0] : LIMITS)) {
        all.add(rounds(kind, store, rounds, slice));
      }
    }
    return verdict(all);
  }

  private static Check.Verdict verdict(List<Figures> all) {
    double ratio = all.stream().mapToDouble(Figures::ratio).max().orElseThrow();
    long failures = all.stream().mapToLong(Figures::failures).sum();
    double memory = all.stream().mapToDouble(Figures::memory).max().orElseThrow();
    return new Check.Verdict(
        String.format(
            Locale.ROOT,
            "others' p99 at most %.2f x what it is alone, %d of their requests failed,"
                + " memory at most %.2f x from the first flood to the last",
            ratio,
            failures,
            memory),
        "<= 2 x, none, <= 1.25 x",
        ratio <= BAR && failures == 0 && memory <= MEMORY_BAR);
  }

  private static Figures rounds(Flood.Kind kind, StoreProcess store, int rounds, Duration slice)
      throws IOException {
    Keys.fill(store.address(), KEYS);
    PastChanges.fill(store.address()); // or its memory would grow for minutes
    PacedClients others = new PacedClients(store.address());
    others.run(slice.multipliedBy(2));
    flooded(kind, store, others, slice.multipliedBy(3)); // the first of all warms it up
    double first = ResidentMemory.mebibytes(store);
    double[] alone = new double[rounds];
    double[] beside = new double[rounds];
    long failures = 0;
    long answers = 0;
    for (int round = 0; round < rounds; round++) {
      alone[round] = others.run(slice).p99Millis();
      Flooded flooded = flooded(kind, store, others, slice);
      beside[round] = flooded.seen().p99Millis();
      failures += flooded.seen().failures();
      answers += flooded.answers();
    }
    Figures figures =
        new Figures(
            Check.median(beside) / Check.median(alone),
            failures,
            ResidentMemory.mebibytes(store) / first);
    Check.say(
        "%-11s p99 %5.1f ms alone, %5.1f ms beside it: %.2f x; %d failed; the flood had %.0f"
            + " answers a second; memory %.0f MiB, %.2f x",
        kind.name().toLowerCase(Locale.ROOT),
        Check.median(alone),
        Check.median(beside),
        figures.ratio(),
        failures,
        answers / (rounds * (double) slice.toSeconds()),
        ResidentMemory.mebibytes(store),
        figures.memory());
    return figures;
  }

  private record Flooded(PacedClients.Seen seen, long answers) {}

  private static Flooded flooded(
      Flood.Kind kind, StoreProcess store, PacedClients others, Duration slice) throws IOException {
    try (FloodProcess flood = new FloodProcess(kind, store.address())) {
      PacedClients.Seen seen = others.run(slice);
      return new Flooded(seen, flood.end());
    }
  }
}
