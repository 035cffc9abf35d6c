package io.kubekv.benchmarks;

import io.kubekv.benchmarks.report.Target;
import io.kubekv.benchmarks.scenario.KubeProcesses;
import io.kubekv.benchmarks.scenario.ServerPart;
import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.StoreProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code benchmarks/run put --kube}: PUTs of 200 bytes to kubekv on a kube-apiserver. One client's
 * against PUTs of custom resources to that API server itself, with one watch of them open; many
 * clients' against etcd v2's; and the processor time that API server and etcd take for one.
 */
final class KubePutBenchmark {
  private static final int KEYS = 1000;

  private KubePutBenchmark() {}

  public static void main(String[] arguments) {
    Check.run("put --kube", arguments, KubePutBenchmark::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    PutBenchmark.Form form = PutBenchmark.Form.of(arguments.flag("--quick"));
    arguments.end();
    try (RawObjects raw = RawObjects.create(ClusterStore.create(), KEYS);
        StoreProcess etcd = StoreProcess.etcd();
        StoreProcess kubekv = StoreProcess.kubekv()) {
      Keys.fill(etcd.address(), KEYS);
      Keys.fill(kubekv.address(), KEYS);
      Accounted cluster = new Accounted(PutBenchmark.puts(kubekv), processes());
      Accounted own = new Accounted(cluster, List.of(kubekv.server().pid()));
      SideBySide byEtcd = new SideBySide(PutBenchmark.puts(etcd), own);
      byEtcd.warmUp(64, form.warmUp());
      double added = PutBenchmark.run(new SideBySide(raw, own), 1, form).addedMillis();
      cluster.restart();
      own.restart();
      double throughput = PutBenchmark.run(byEtcd, 64, form).throughputRatio();
      double micros = cluster.microsEach();
      double ownMicros = own.microsEach();
      double many = PutBenchmark.run(byEtcd, 256, form).throughputRatio();
      String figure =
          String.format(
              Locale.ROOT,
              "1 client p50 raw %+.2f ms; 64 clients throughput %.2f x etcd v2's, 256 clients %.2f"
                  + " x; %.0f us of API server and etcd for a put at 64 clients, %.0f us of kubekv",
              added,
              throughput,
              many,
              micros,
              ownMicros);
      return new Check.Verdict(
          figure,
          "raw %s ms, %s x, %s x, %s us"
              .formatted(
                  Target.KUBE_PUT_ADDED.plain(),
                  Target.KUBE_PUT_64.plain(),
                  Target.KUBE_PUT_256.plain(),
                  Target.KUBE_PUT_MICROS.plain()),
          Target.KUBE_PUT_ADDED.isMetBy(added)
              && Target.KUBE_PUT_64.isMetBy(throughput)
              && Target.KUBE_PUT_256.isMetBy(many)
              && (Target.KUBE_PUT_MICROS.isMetBy(micros) || Double.isNaN(micros)));
    }
  }

  /** Of a control plane that was started for this; those of a given cluster are not known. */
  private static List<Long> processes() throws IOException {
    List<Long> processes = new ArrayList<>();
    if (!Files.exists(Path.of(System.getenv("E2E_KUBE_FOLDER")).resolve("env"))) {
      return processes;
    }
    for (ServerPart part : KubeProcesses.parts()) {
      processes.add(part.process());
    }
    return processes;
  }
}
