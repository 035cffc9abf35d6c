package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Claim;
import io.kubekv.benchmarks.report.Figure;
import io.kubekv.benchmarks.report.Measure;
import io.kubekv.benchmarks.report.Target;
import java.util.ArrayList;
import java.util.List;

/** The article's reasons, with what each is judged by; the cluster's API server first. */
final class Claims {
  private static final String EMBEDDED = Entrant.KUBEKV.label();
  static final String KUBE = Entrant.KUBEKV_KUBE.label();
  private static final String NAIVE = Entrant.NAIVE_KUBE.label();
  private static final String ETCD_V3 = Entrant.ETCD_V3.label();
  static final String ETCD = Entrant.ETCD_V2.label();
  static final String GET = "clients-get";
  static final String PUT = "clients-put";
  static final String WATCHERS = "watchers-etcd-v2";
  static final String CLUSTER = Figure.CPU + "apiserver+" + Figure.CPU + "etcd";
  private static final String OWN = Figure.CPU + "kubekv";
  static final String HEAP = Figure.MEMORY + "kubekv";

  private Claims() {}

  static List<Claim> all() {
    return List.of(performance(), naive(), scalability(), security());
  }

  private static Claim performance() {
    List<Claim.Bar> bars = new ArrayList<>(reads(KUBE));
    bars.add(grpcRead(KUBE));
    bars.add(puts(KUBE, 64, Target.KUBE_PUT_64));
    bars.add(puts(KUBE, 256, Target.KUBE_PUT_256));
    bars.add(putMicros("kube-apiserver and etcd", KUBE, CLUSTER, Target.KUBE_PUT_MICROS));
    bars.addAll(reads(EMBEDDED));
    bars.add(grpcRead(EMBEDDED));
    bars.add(
        ratio(
            "durable PUT, 1 client: median by etcd v2's",
            PUT,
            EMBEDDED,
            ETCD,
            1,
            Figure.P50,
            Target.PUT_ALONE));
    bars.add(puts(EMBEDDED, 64, Target.PUT_64));
    bars.add(putMicros("kubekv", EMBEDDED, OWN, Target.PUT_MICROS));
    return new Claim(
        "Performance",
        "a key-value store on top of the API is too slow",
        bars,
        "Reads are answered from an index that one watch keeps current and a lease makes"
            + " linearizable: they cost no API call. Writes that come together share one.");
  }

  private static Claim naive() {
    List<Claim.Bar> bars = new ArrayList<>(reads(NAIVE));
    bars.add(puts(NAIVE, 64, Target.KUBE_PUT_64));
    bars.add(puts(NAIVE, 256, Target.KUBE_PUT_256));
    return new Claim(
        "Performance, without a cache",
        "an adapter that turns each request into calls of the API is too slow",
        bars,
        "This is what the article can have had in mind. It is judged on a kube-apiserver, by the"
            + " same targets, and is no part of kubekv.");
  }

  private static List<Claim.Bar> reads(String judged) {
    return List.of(
        ratio(
            "linearizable GET, 1 client: median by etcd v2's",
            GET,
            judged,
            ETCD,
            1,
            Figure.P50,
            Target.GET_ALONE),
        ratio(
            "linearizable GET, 64 clients: throughput by etcd v2's",
            GET,
            judged,
            ETCD,
            64,
            Figure.PER_SECOND,
            Target.GET_64));
  }

  private static Claim.Bar grpcRead(String judged) {
    return ratio(
        "linearizable get over gRPC, 1 client: median by etcd v3's",
        "clients-get-grpc",
        judged,
        ETCD_V3,
        1,
        Figure.P50,
        Target.GRPC_GET_ALONE);
  }

  private static Claim.Bar puts(String judged, int clients, Target target) {
    return ratio(
        "durable PUT, " + clients + " clients: throughput by etcd v2's",
        PUT,
        judged,
        ETCD,
        clients,
        Figure.PER_SECOND,
        target);
  }

  private static Claim.Bar putMicros(String of, String judged, String figure, Target target) {
    return value("durable PUT, 64 clients: µs of " + of, PUT, judged, 64, figure, target);
  }

  private static Claim scalability() {
    List<Claim.Bar> bars = new ArrayList<>(load(KUBE, Target.KUBE_DOCKER));
    bars.addAll(load(EMBEDDED, Target.DOCKER));
    return new Claim(
        "Scalability",
        "watches, keys and hosts cost the API server too much",
        bars,
        "All watchers of a replica share one watch of the API, and all lists are read from its"
            + " index: what the API server sees are one list, one watch and the writes.");
  }

  private static List<Claim.Bar> load(String judged, Target docker) {
    return List.of(
        value(
            "10,000 watchers: ms until the last has its event",
            WATCHERS,
            judged,
            10_000,
            WatchersScenario.LAST,
            Target.WOKEN_MILLIS),
        ratio(
            "1,000 watchers: until the last has its event, by etcd v2's",
            WATCHERS,
            judged,
            ETCD,
            1000,
            WatchersScenario.LAST,
            Target.WOKEN_BY_ETCD),
        value(
            "a watcher of 10,000: KiB of kubekv's live heap",
            WATCHERS,
            judged,
            10_000,
            HEAP,
            Target.WATCHER_KIB),
        ratio(
            "30 Docker hosts: median answer by etcd v2's",
            "docker",
            judged,
            ETCD,
            30,
            Figure.P50,
            docker),
        ratio(
            "the most Docker hosts, by etcd v2's",
            "docker-most",
            judged,
            ETCD,
            1,
            MostHostsScenario.MOST,
            Target.MOST_HOSTS));
  }

  private static Claim security() {
    return new Claim(
        "Security",
        "either the cluster's own etcd is exposed, or key-value access undermines its permissions",
        List.of(),
        "Nothing here can be read off a load. kubekv opens no etcd: a store is custom resources"
            + " of one namespace, which its account may read and write and nothing else; the API"
            + " server's permissions, quotas, audit and fairness hold for them as for any other.");
  }

  private static Claim.Bar ratio(
      String what,
      String scenario,
      String judged,
      String peer,
      double x,
      String figure,
      Target target) {
    return new Claim.Bar(what, Measure.ratio(scenario, judged, peer, x, figure), target);
  }

  private static Claim.Bar value(
      String what, String scenario, String judged, double x, String figure, Target target) {
    return new Claim.Bar(what, Measure.value(scenario, judged, x, figure), target);
  }
}
