package io.kubekv.benchmarks;

import io.kubekv.cost.CostModel;
import io.kubekv.cost.Prediction;
import io.kubekv.cost.Workload;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * How large etcd's database becomes while kube-apiserver compacts it: every quarter of a minute, so
 * that nobody has to wait for an hour.
 */
final class CostCompaction {
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final int KEYS = 100;
  private static final int VALUE = 1000;

  private final CostScene scene;
  private final Consumer<CostCheck> checks;

  CostCompaction(CostScene scene, Consumer<CostCheck> checks) {
    this.scene = scene;
    this.checks = checks;
  }

  void measure() throws IOException {
    scene.api.kill();
    scene.api.startWith("--etcd-compaction-interval=" + INTERVAL.toSeconds() + "s");
    try (StoreProcess kubekv = scene.replica()) {
      CostScene.put(kubekv, KEYS, CostCompaction::key, VALUE);
      Waiting.pause(INTERVAL.multipliedBy(3)); // nothing is left of what was before
      double before = inUse();
      Duration time = INTERVAL.multipliedBy(5);
      CompletableFuture<Double> most = CompletableFuture.supplyAsync(() -> mostInUse(time));
      int count = CostScene.putFor(time, kubekv, CostCompaction::key, VALUE);
      Prediction prediction = predict(count / (double) time.toSeconds());
      double grown = prediction.value("database.peak") - prediction.value("database.live");
      Check.say(
          "  (%d a second, compaction every %d s)", count / time.toSeconds(), INTERVAL.toSeconds());
      checks.accept(
          new CostCheck("puts while compacted", "database.peak", grown, most.get() - before));
    } catch (ExecutionException failed) {
      throw new IOException("etcd could not be asked", failed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private double mostInUse(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    double most = 0;
    while (System.nanoTime() < end) {
      most = Math.max(most, inUse());
      Waiting.pause(Duration.ofMillis(200));
    }
    return most;
  }

  private double inUse() {
    try {
      return scene.reading().of("database.growth");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String key(int number) {
    return String.format(Locale.ROOT, "cost/compacted/key-%03d", number % KEYS);
  }

  private Prediction predict(double rate) {
    Workload.Service one = Workload.Service.defaults(0);
    return CostModel.predict(
        new Workload(
            Workload.Changes.puts(rate),
            new Workload.Contents(
                KEYS, key(0).length(), VALUE, false, scene.api.namespace().length()),
            new Workload.Service(
                1, 0, one.leaseDuration(), one.historyBytes(), INTERVAL, one.answer())));
  }
}
