package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Figure;
import io.kubekv.e2e.process.ProcessorTime;
import io.kubekv.e2e.process.ServerGauges;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the processes of a contestant, and this one, which is its client, have used until now, as
 * Linux accounts for it.
 */
final class Usage {
  /** The log of changes, and the database itself. */
  private static final List<String> SYNCS =
      List.of(
          "etcd_disk_wal_fsync_duration_seconds_count",
          "etcd_disk_backend_commit_duration_seconds_count");

  private static final List<String> OWN_SYNCS = List.of("kubekv_embedded_syncs_total");

  private final Map<String, Double> totals;

  private Usage(Map<String, Double> totals) {
    this.totals = totals;
  }

  static Usage of(List<ServerPart> parts) throws IOException {
    Map<String, Double> totals = new LinkedHashMap<>();
    totals.put(
        Figure.CPU + Figure.CLIENT, ProcessorTime.seconds(ProcessHandle.current().pid()) * 1e6);
    for (ServerPart part : parts) {
      totals.put(Figure.CPU + part.name(), ProcessorTime.seconds(part.process()) * 1e6);
      addBytes(totals, part);
      if (part.etcdMetrics().isPresent()) {
        totals.put(Figure.SYNCS + part.name(), sum(part.etcdMetrics().get(), SYNCS));
      }
      if (part.ownMetrics().isPresent()) {
        totals.put(Figure.SYNCS + part.name(), sum(part.ownMetrics().get(), OWN_SYNCS));
      }
    }
    return new Usage(totals);
  }

  private static void addBytes(Map<String, Double> totals, ServerPart part) throws IOException {
    double passed = 0;
    for (String line : Files.readAllLines(Path.of("/proc/" + part.process() + "/io"))) {
      String[] words = line.split(": ");
      double bytes = Double.parseDouble(words[1]);
      switch (words[0]) {
        case "rchar", "wchar" -> passed += bytes;
        case "write_bytes" -> totals.put(Figure.WRITTEN + part.name(), bytes);
        default -> {}
      }
    }
    totals.put(Figure.PASSED + part.name(), passed);
  }

  private static double sum(InetSocketAddress metrics, List<String> names) throws IOException {
    ServerGauges gauges = new ServerGauges(metrics);
    double sum = 0;
    for (String name : names) {
      sum += gauges.value(name);
    }
    return sum;
  }

  /** What has been used since an earlier moment, for each of so many operations. */
  Map<String, Double> since(Usage before, long operations) {
    Map<String, Double> each = new LinkedHashMap<>();
    totals.forEach(
        (name, now) -> {
          double used = now - before.totals.getOrDefault(name, now);
          each.put(name, used / Math.max(1, operations));
        });
    for (String byPart : List.of(Figure.CPU, Figure.WRITTEN, Figure.PASSED, Figure.SYNCS)) {
      if (each.keySet().stream().anyMatch(figure -> figure.startsWith(byPart))) {
        each.put(Figure.total(byPart), total(each, byPart));
      }
    }
    return each;
  }

  private static double total(Map<String, Double> each, String byPart) {
    return each.entrySet().stream()
        .filter(figure -> figure.getKey().startsWith(byPart))
        .filter(figure -> !figure.getKey().equals(byPart + Figure.CLIENT))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }
}
