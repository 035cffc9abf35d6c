package io.kubekv.benchmarks;

import io.kubekv.benchmarks.report.Target;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run put}: durable PUTs of 200 bytes by one client, by 64 and by 256 at once,
 * against etcd's, and the processor time that kubekv takes for one.
 */
final class PutBenchmark {
  private static final int KEYS = 1000;

  private PutBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("put", arguments, PutBenchmark::run);
  }

  /** So many rounds, of slices so long, after a warm-up so long. */
  record Form(int rounds, Duration slice, Duration warmUp) {
    static Form of(boolean quick) {
      return quick
          ? new Form(5, Duration.ofSeconds(2), Duration.ofSeconds(4))
          : new Form(5, Duration.ofSeconds(10), Duration.ofSeconds(40));
    }
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    Form form = Form.of(arguments.flag("--quick"));
    String candidate = arguments.option("--candidate").orElse("kubekv");
    arguments.end();
    try (StoreProcess etcd = StoreProcess.etcd();
        StoreProcess other = StoreProcess.named(candidate)) {
      Keys.fill(etcd.address(), KEYS);
      Keys.fill(other.address(), KEYS);
      Accounted candidates = new Accounted(puts(other), List.of(other.server().pid()));
      SideBySide comparison = new SideBySide(puts(etcd), candidates);
      comparison.warmUp(64, form.warmUp());
      double median = run(comparison, 1, form).medianRatio();
      candidates.restart();
      double throughput = run(comparison, 64, form).throughputRatio();
      double micros = candidates.microsEach();
      double many = run(comparison, 256, form).throughputRatio();
      String figure =
          String.format(
              Locale.ROOT,
              "by etcd's: 1 client p50 %.2f x, 64 clients throughput %.2f x, 256 clients %.2f x;"
                  + " %.0f us of processor time for a put at 64 clients",
              median,
              throughput,
              many,
              micros);
      return new Check.Verdict(
          figure,
          "%s x, %s x, any, %s us"
              .formatted(
                  Target.PUT_ALONE.plain(), Target.PUT_64.plain(), Target.PUT_MICROS.plain()),
          Target.PUT_ALONE.isMetBy(median)
              && Target.PUT_64.isMetBy(throughput)
              && Target.PUT_MICROS.isMetBy(micros));
    }
  }

  static SideBySide.Contestant puts(StoreProcess store) {
    return Proven.etcdV2(store.name(), store, KEYS);
  }

  static SideBySide.Ratios run(SideBySide comparison, int clients, Form form) throws IOException {
    String what = clients == 1 ? "put, 1 client" : "put, " + clients + " clients";
    return comparison.run(what, clients, form.rounds(), form.slice());
  }
}
