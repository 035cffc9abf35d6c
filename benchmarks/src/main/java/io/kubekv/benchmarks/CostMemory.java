package io.kubekv.benchmarks;

import io.kubekv.cost.CostModel;
import io.kubekv.cost.Prediction;
import io.kubekv.cost.Workload;
import io.kubekv.e2e.StoreProcess;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.process.ServerGauges;
import io.kubekv.e2e.process.ServerHeap;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** The memory of kubekv and of kube-apiserver's watch cache, beside what the model says. */
final class CostMemory {
  private static final int[] VALUES = {100, 1000};
  private static final int WATCHERS = 2000;

  private final CostScene scene;
  private final int keys;
  private final Consumer<CostCheck> checks;

  CostMemory(CostScene scene, int keys, Consumer<CostCheck> checks) {
    this.scene = scene;
    this.keys = keys;
    this.checks = checks;
  }

  void measure() throws IOException {
    double before = restarted();
    // whose events take no memory
    try (StoreProcess kubekv = scene.replica("--history-bytes", "1KiB")) {
      for (int value : VALUES) {
        entries(kubekv, value);
      }
    }
    // what is left of the shown keys when the last changes are forgotten
    int average = (VALUES[0] + VALUES[1]) / 2;
    Prediction all = predict(VALUES.length * keys, average, 0);
    add(VALUES.length * keys + " keys, restarted", "apiserver.view", all, 1, restarted() - before);
    try (StoreProcess kubekv = scene.replica()) {
      for (int value : VALUES) {
        events(kubekv, value);
      }
      watchers(kubekv);
    }
  }

  private double restarted() throws IOException {
    scene.api.kill();
    scene.api.start();
    scene.touchKeys();
    Waiting.pause(Duration.ofSeconds(20)); // its caches fill
    return scene.apiHeap();
  }

  private void entries(StoreProcess kubekv, int value) throws IOException {
    CostScene.settle(kubekv);
    double before = ServerHeap.liveBytes(kubekv);
    CostScene.put(kubekv, keys, number -> key(value, number), value);
    CostScene.settle(kubekv);
    double grown = ServerHeap.liveBytes(kubekv) - before;
    add(keys + " keys of " + value + " B", "kubekv.keys", predict(keys, value), 1, grown);
  }

  private void events(StoreProcess kubekv, int value) throws IOException {
    CostScene.settle(kubekv);
    double before = ServerHeap.liveBytes(kubekv);
    CostScene.put(kubekv, keys, number -> key(value, number), value);
    CostScene.settle(kubekv);
    double grown = ServerHeap.liveBytes(kubekv) - before;
    add(keys + " puts of " + value + " B", "kubekv.event", predict(keys, value), keys, grown);
  }

  private void watchers(StoreProcess kubekv) throws IOException {
    ServerGauges gauges = new ServerGauges(kubekv);
    try (HolderProcess holder = HolderProcess.against(kubekv.address(), Watching.ETCD)) {
      holder.ask("open " + WATCHERS / 10);
      holder.ask("hangup");
      await(gauges, 0);
      double before = ServerHeap.liveBytes(kubekv);
      holder.ask("open " + WATCHERS);
      await(gauges, WATCHERS);
      double grown = ServerHeap.liveBytes(kubekv) - before;
      add(WATCHERS + " watchers", "kubekv.watchers", predict(keys, 100), 1, grown);
      CostCheck streams =
          new CostCheck(
              WATCHERS + " watchers",
              "watch.streams",
              predict(keys, 100).value("watch.streams"),
              scene.proxy.counts().openWatches());
      checks.accept(streams);
    }
  }

  private static void await(ServerGauges gauges, int count) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (gauges.value("kubekv_watchers") != count) {
      if (System.nanoTime() > deadline) {
        throw new IOException("there are " + gauges.value("kubekv_watchers") + " watchers");
      }
      Waiting.pause(Duration.ofMillis(50));
    }
  }

  private static String key(int value, int number) {
    return String.format(Locale.ROOT, "memory/%05d/key-%06d", value, number);
  }

  private void add(
      String name, String figure, Prediction prediction, double times, double measured) {
    checks.accept(new CostCheck(name, figure, prediction.value(figure) * times, measured));
  }

  private Prediction predict(int count, int value) {
    return predict(count, value, 1);
  }

  private Prediction predict(int count, int value, double puts) {
    return CostModel.predict(
        new Workload(
            Workload.Changes.puts(puts),
            new Workload.Contents(
                count, key(0, 0).length(), value, false, scene.api.namespace().length()),
            Workload.Service.defaults(WATCHERS)));
  }
}
