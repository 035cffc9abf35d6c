package io.kubekv.benchmarks;

import io.kubekv.benchmarks.scenario.KubeProcesses;
import io.kubekv.benchmarks.scenario.ServerPart;
import io.kubekv.e2e.api.ApiCall;
import io.kubekv.e2e.api.ApiCounts;
import io.kubekv.e2e.process.ServerGauges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What the proxy and etcd have counted by a moment, under the names of the cost model's figures.
 *
 * @param totals since the start; of a difference, between two moments
 */
record CostReading(double seconds, Map<String, Double> totals) {
  private static final Predicate<ApiCall> LOG = call -> call.resource().equals("storelogs");
  private static final Predicate<ApiCall> SNAPSHOT =
      call -> call.resource().equals("storechunks") || call.resource().equals("storemanifests");
  private static final Predicate<ApiCall> SHOWN = call -> call.resource().equals("keyvalues");
  private static final Predicate<ApiCall> VIEW = SHOWN.or(call -> call.resource().equals("stores"));
  private static final Predicate<ApiCall> CHANGES =
      verb(ApiCall.Verb.UPDATE).or(verb(ApiCall.Verb.CREATE)).or(verb(ApiCall.Verb.DELETE));
  private static final Predicate<ApiCall> LEASES = call -> call.resource().equals("leases");

  static CostReading now(ApiCounts proxy) throws IOException {
    ApiCounts.Reading api = proxy.read();
    Map<String, Double> totals = new LinkedHashMap<>();
    put(totals, "api.entries", api.calls(LOG.and(verb(ApiCall.Verb.UPDATE))));
    put(totals, "api.snapshot", api.calls(SNAPSHOT.and(CHANGES)));
    put(totals, "api.view", api.calls(VIEW.and(CHANGES)));
    put(totals, "api.lease.update", api.calls(LEASES.and(verb(ApiCall.Verb.UPDATE))));
    put(totals, "api.lease.get", api.calls(LEASES.and(verb(ApiCall.Verb.GET))));
    put(totals, "api.total", api.calls(call -> true));
    Predicate<ApiCall> watch = verb(ApiCall.Verb.WATCH);
    Predicate<ApiCall> list = verb(ApiCall.Verb.LIST);
    put(totals, "watch.bytes.total", api.bytes(LOG.or(SHOWN).and(watch)));
    put(totals, "api.bytes", api.bytes(watch.or(list).negate()));
    addEtcd(totals);
    return new CostReading(System.nanoTime() / 1e9, totals);
  }

  private static void addEtcd(Map<String, Double> totals) throws IOException {
    ServerPart etcd =
        KubeProcesses.parts().stream()
            .filter(part -> part.etcdMetrics().isPresent())
            .findFirst()
            .orElseThrow();
    ServerGauges gauges = new ServerGauges(etcd.etcdMetrics().orElseThrow());
    totals.put("etcd.wal", gauges.value("etcd_disk_wal_write_bytes_total"));
    totals.put("database.growth", gauges.value("etcd_mvcc_db_total_size_in_use_in_bytes"));
    for (String line : Files.readAllLines(Path.of("/proc/" + etcd.process() + "/io"))) {
      if (line.startsWith("write_bytes: ")) {
        totals.put("etcd.disk", Double.parseDouble(line.substring("write_bytes: ".length())));
      }
    }
  }

  private static void put(Map<String, Double> totals, String name, long value) {
    totals.put(name, (double) value);
  }

  private static Predicate<ApiCall> verb(ApiCall.Verb verb) {
    return call -> call.verb() == verb;
  }

  /** What came in between. */
  CostReading since(CostReading before) {
    Map<String, Double> difference = new LinkedHashMap<>();
    totals.forEach((name, now) -> difference.put(name, now - before.of(name)));
    return new CostReading(seconds - before.seconds, difference);
  }

  /** A difference without what would have come anyway in that time. */
  CostReading without(CostReading idle) {
    Map<String, Double> left = new LinkedHashMap<>();
    totals.forEach(
        (name, all) -> left.put(name, all - Math.max(0, idle.of(name)) * seconds / idle.seconds));
    return new CostReading(seconds, left);
  }

  double of(String figure) {
    Double total = totals.get(figure);
    if (total == null) {
      throw new IllegalArgumentException(figure + " is not counted");
    }
    return total;
  }
}
