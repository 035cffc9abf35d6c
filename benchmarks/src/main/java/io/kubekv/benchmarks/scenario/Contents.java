package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Chapter.Kind;
import io.kubekv.benchmarks.report.Chapter.Plot;
import io.kubekv.benchmarks.report.Figure;
import io.kubekv.benchmarks.report.Measure;
import io.kubekv.benchmarks.report.Outline;
import io.kubekv.benchmarks.report.Outline.Answer;
import io.kubekv.benchmarks.report.Outline.Highlight;
import io.kubekv.benchmarks.report.Outline.Operation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the report's first pages state, of which contestants. */
final class Contents {
  private static final String MIX = "clients-mix";

  private Contents() {}

  static Outline outline() {
    return new Outline(
        answers(),
        stores(),
        List.of(
            new Operation("GET", Claims.GET),
            new Operation("PUT", Claims.PUT),
            new Operation("9 GET : 1 PUT", MIX)),
        List.of(1.0, 64.0, 256.0),
        List.of(Claims.KUBE, Entrant.KUBEKV_ETCD.label(), Entrant.KUBEKV.label()),
        Claims.ETCD,
        Entrant.ETCD_V2_AGAIN.label(),
        Claims.all(),
        plots());
  }

  private static Map<String, String> stores() {
    Map<String, String> stores = new LinkedHashMap<>();
    for (Entrant entrant : Field.ALL.of(Size.ALL)) {
      stores.put(entrant.label(), entrant.description());
    }
    return stores;
  }

  private static List<Answer> answers() {
    return List.of(
        new Answer(
            "Cost",
            "a durable write takes",
            Measure.value(Claims.PUT, Claims.KUBE, 64, Claims.CLUSTER),
            "µs of processor time of kube-apiserver and its etcd, with 64 clients at once."),
        new Answer(
            "Reads",
            "64 clients at once have",
            Measure.ratio(Claims.GET, Claims.KUBE, Claims.ETCD, 64, Figure.PER_SECOND),
            "times as many linearizable reads answered as by etcd v2; no read asks the cluster."),
        new Answer(
            "Writes",
            "64 clients at once have",
            Measure.ratio(Claims.PUT, Claims.KUBE, Claims.ETCD, 64, Figure.PER_SECOND),
            "times as many durable writes answered as by etcd v2."),
        new Answer(
            "Watches",
            "the last of 10,000 watchers of a key has its event",
            Measure.value(Claims.WATCHERS, Claims.KUBE, 10_000, WatchersScenario.LAST),
            "ms after the change; all share one watch of the cluster."),
        new Answer(
            "Memory",
            "a key with a value of 200 bytes, and its past event, take",
            Measure.value("memory", Claims.KUBE, 10_000, Claims.HEAP),
            "KiB of live heap of kubekv."));
  }

  private static List<Highlight> plots() {
    return List.of(
        new Highlight("Linearizable reads", Claims.GET, LoadScenarios.THROUGHPUT),
        new Highlight("Durable writes", Claims.PUT, LoadScenarios.THROUGHPUT),
        new Highlight(
            "Nine reads to a write: what more throughput costs in time",
            MIX,
            new Plot("99th percentile of the answer time", Figure.P99, "p99, ms", Kind.CURVE)),
        new Highlight(
            "Watchers: until the last has its event",
            Claims.WATCHERS,
            new Plot("Until the last has its event", WatchersScenario.LAST, "ms", Kind.LINES)),
        new Highlight(
            "Docker engines: median answer",
            "docker",
            new Plot("Median answer time", Figure.P50, "ms", Kind.LINES)),
        new Highlight(
            "Durable writes: who spends the processor time",
            Claims.PUT,
            new Plot("Processor time of a write", Figure.CPU, "µs of processor time", Kind.PARTS)));
  }
}
