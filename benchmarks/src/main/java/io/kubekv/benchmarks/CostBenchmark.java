package io.kubekv.benchmarks;

import io.kubekv.cost.CostModel;
import io.kubekv.cost.Prediction;
import io.kubekv.cost.Workload;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run cost}: what {@code kubekv cost} predicts, beside what a kube-apiserver, its
 * etcd and kubekv show for a few workloads. COST.md has the formulas.
 */
final class CostBenchmark {
  private static final List<String> PARTS = List.of("memory", "writes", "compaction", "hosts");
  private static final int KEYS = 100;
  private static final int[] VALUES = {100, 1000, 10_000};

  private final CostScene scene;
  private final boolean quick;
  private final List<CostCheck> checks = new ArrayList<>();
  private final CostReading unused;

  private CostBenchmark(CostScene scene, boolean quick, CostReading unused) {
    this.scene = scene;
    this.quick = quick;
    this.unused = unused;
  }

  public static void main(String[] arguments) {
    Check.run("cost", arguments, CostBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    List<String> parts = arguments.option("--only").map(List::of).orElse(PARTS);
    arguments.end();
    if (!PARTS.containsAll(parts)) {
      throw new IllegalArgumentException("--only takes one of " + PARTS);
    }
    try (CostScene scene = CostScene.open()) {
      Check.say("the control plane alone");
      CostReading unused = scene.during(() -> Waiting.pause(Duration.ofSeconds(quick ? 15 : 60)));
      CostBenchmark benchmark = new CostBenchmark(scene, quick, unused);
      for (String part : parts) {
        Check.say("%s", part);
        benchmark.measure(part);
      }
      return benchmark.verdict();
    }
  }

  private void measure(String part) throws IOException {
    switch (part) {
      case "memory" -> new CostMemory(scene, quick ? 1500 : 4000, this::add).measure();
      case "writes" -> writes();
      case "compaction" -> new CostCompaction(scene, this::add).measure();
      case "hosts" ->
          new CostHosts(3, 10, Duration.ofMinutes(quick ? 1 : 3), unused, this::add).measure();
      default -> throw new IllegalArgumentException("nothing is called " + part);
    }
  }

  private void writes() throws IOException {
    try (StoreProcess kubekv = scene.replica()) {
      CostScene.settle(kubekv);
      idle();
      creates(kubekv);
      for (int value : VALUES) {
        puts(kubekv, value);
      }
      deletes(kubekv);
      replicas(kubekv);
    }
  }

  private void idle() throws IOException {
    Duration time = Duration.ofSeconds(quick ? 30 : 120);
    CostReading seen = scene.during(() -> Waiting.pause(time));
    compare(
        "idle",
        seen,
        workload(seen, new Workload.Changes(0, 0, 0, 0), 1, 1),
        "api.lease.update",
        "etcd.wal");
  }

  private void creates(StoreProcess kubekv) throws IOException {
    int count = quick ? 400 : 1000;
    CostReading seen =
        scene.during(() -> CostScene.put(kubekv, count, CostBenchmark::deepKey, 100));
    double rate = count / seen.seconds();
    compare(
        "creates with a parent",
        seen,
        workload(seen, new Workload.Changes(0, rate, 1, 0), 100, 1),
        "api.view",
        "watch.bytes.total",
        "api.bytes",
        "etcd.wal",
        "etcd.disk",
        "database.growth");
  }

  /** As long as the keys of {@link #key}. */
  private static String deepKey(int number) {
    return String.format(Locale.ROOT, "cost/deep-%05d/k", number);
  }

  private static String key(int number) {
    return String.format(Locale.ROOT, "cost/flat/key-%03d", number % KEYS);
  }

  private void puts(StoreProcess kubekv, int value) throws IOException {
    CostScene.put(kubekv, KEYS, CostBenchmark::key, value);
    CostScene.settle(kubekv);
    int count = (quick ? 1 : 2) * (value > 1000 ? 500 : 1500);
    CostReading seen = scene.during(() -> CostScene.put(kubekv, count, CostBenchmark::key, value));
    compare(
        "puts of " + value + " B",
        seen,
        workload(seen, Workload.Changes.puts(count / seen.seconds()), value, 1),
        "api.view",
        "watch.bytes.total",
        "api.bytes",
        "etcd.wal",
        "etcd.disk",
        "database.growth");
  }

  private void deletes(StoreProcess kubekv) throws IOException {
    CostScene.settle(kubekv);
    int count = quick ? 300 : 1000;
    CostReading seen = scene.during(() -> CostScene.delete(kubekv, count, CostBenchmark::deepKey));
    compare(
        "deletes",
        seen,
        workload(seen, new Workload.Changes(0, 0, 0, count / seen.seconds()), 100, 1),
        "etcd.wal");
  }

  private void replicas(StoreProcess kubekv) throws IOException {
    int count = quick ? 300 : 1000;
    try (StoreProcess second = scene.replica();
        StoreProcess third = scene.replica()) {
      CostScene.put(kubekv, KEYS, CostBenchmark::key, 1000);
      CostScene.settle(kubekv);
      CostReading seen =
          scene.during(
              () -> {
                CostScene.put(second, count / 2, CostBenchmark::key, 1000);
                CostScene.put(third, count / 2, CostBenchmark::key, 1000);
              });
      Workload three = workload(seen, Workload.Changes.puts(count / seen.seconds()), 1000, 3);
      compare("puts, three replicas", seen, three, "watch.bytes.total", "api.lease.get");
    }
  }

  /** The clients here wait for their answers, so an entry of the log is always on its way. */
  private Workload workload(
      CostReading seen, Workload.Changes changes, int valueBytes, int replicas) {
    Workload.Service one = Workload.Service.defaults(0);
    double entries = seen.of("api.entries");
    Duration answer =
        entries < 1 ? one.answer() : Duration.ofNanos((long) (seen.seconds() / entries * 1e9));
    return new Workload(
        changes,
        new Workload.Contents(
            KEYS, key(0).length(), valueBytes, false, scene.api.namespace().length()),
        new Workload.Service(
            replicas, 0, one.leaseDuration(), one.historyBytes(), one.compaction(), answer));
  }

  private void compare(String name, CostReading seen, Workload workload, String... figures) {
    Prediction prediction = CostModel.predict(workload);
    CostReading measured = seen.without(unused);
    for (String figure : figures) {
      add(
          new CostCheck(
              name, figure, prediction.value(figure) * seen.seconds(), measured.of(figure)));
    }
  }

  private void add(CostCheck check) {
    check.print();
    checks.add(check);
  }

  private Check.Verdict verdict() {
    double lowest = checks.stream().mapToDouble(CostCheck::ratio).min().orElse(1);
    double highest = checks.stream().mapToDouble(CostCheck::ratio).max().orElse(1);
    return new Check.Verdict(
        String.format(
            Locale.ROOT,
            "%d figures, predicted %.2f to %.2f x measured",
            checks.size(),
            lowest,
            highest),
        "0.70 to 1.30 x",
        checks.stream().allMatch(CostCheck::holds));
  }
}
