package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Claim;
import io.kubekv.benchmarks.report.Figure;
import io.kubekv.benchmarks.report.Target;
import java.util.List;

/** The article's reasons, with what each is judged by; the cluster's API server first. */
final class Claims {
  private static final String EMBEDDED = Entrant.KUBEKV.label();
  private static final String KUBE = Entrant.KUBEKV_KUBE.label();
  private static final String NAIVE = Entrant.NAIVE_KUBE.label();
  private static final String ETCD_V3 = Entrant.ETCD_V3.label();
  private static final String ETCD = Entrant.ETCD_V2.label();
  private static final String CLUSTER = Figure.CPU + "apiserver+" + Figure.CPU + "etcd";
  private static final String OWN = Figure.CPU + "kubekv";
  private static final String HEAP = Figure.MEMORY + "kubekv";

  private Claims() {}

  static List<Claim> all() {
    return List.of(performance(), naive(), scalability(), security());
  }

  private static Claim performance() {
    return new Claim(
        "Performance",
        "a key-value store on top of the API is too slow",
        List.of(
            Claim.Bar.ratio(
                "linearizable GET, 1 client: median by etcd v2's",
                "clients-get-etcd-v2",
                KUBE,
                ETCD,
                1,
                Figure.P50,
                Target.GET_ALONE),
            Claim.Bar.ratio(
                "linearizable GET, 64 clients: throughput by etcd v2's",
                "clients-get-etcd-v2",
                KUBE,
                ETCD,
                64,
                Figure.PER_SECOND,
                Target.GET_64),
            Claim.Bar.ratio(
                "linearizable get over gRPC, 1 client: median by etcd v3's",
                "clients-get-grpc",
                KUBE,
                ETCD_V3,
                1,
                Figure.P50,
                Target.GRPC_GET_ALONE),
            Claim.Bar.ratio(
                "durable PUT, 64 clients: throughput by etcd v2's",
                "clients-put-etcd-v2",
                KUBE,
                ETCD,
                64,
                Figure.PER_SECOND,
                Target.KUBE_PUT_64),
            Claim.Bar.ratio(
                "durable PUT, 256 clients: throughput by etcd v2's",
                "clients-put-etcd-v2",
                KUBE,
                ETCD,
                256,
                Figure.PER_SECOND,
                Target.KUBE_PUT_256),
            Claim.Bar.value(
                "durable PUT, 64 clients: µs of kube-apiserver and etcd",
                "clients-put-etcd-v2",
                KUBE,
                64,
                CLUSTER,
                Target.KUBE_PUT_MICROS),
            Claim.Bar.ratio(
                "linearizable GET, 1 client: median by etcd v2's",
                "clients-get-etcd-v2",
                EMBEDDED,
                ETCD,
                1,
                Figure.P50,
                Target.GET_ALONE),
            Claim.Bar.ratio(
                "linearizable GET, 64 clients: throughput by etcd v2's",
                "clients-get-etcd-v2",
                EMBEDDED,
                ETCD,
                64,
                Figure.PER_SECOND,
                Target.GET_64),
            Claim.Bar.ratio(
                "linearizable get over gRPC, 1 client: median by etcd v3's",
                "clients-get-grpc",
                EMBEDDED,
                ETCD_V3,
                1,
                Figure.P50,
                Target.GRPC_GET_ALONE),
            Claim.Bar.ratio(
                "durable PUT, 1 client: median by etcd v2's",
                "clients-put-etcd-v2",
                EMBEDDED,
                ETCD,
                1,
                Figure.P50,
                Target.PUT_ALONE),
            Claim.Bar.ratio(
                "durable PUT, 64 clients: throughput by etcd v2's",
                "clients-put-etcd-v2",
                EMBEDDED,
                ETCD,
                64,
                Figure.PER_SECOND,
                Target.PUT_64),
            Claim.Bar.value(
                "durable PUT, 64 clients: µs of kubekv",
                "clients-put-etcd-v2",
                EMBEDDED,
                64,
                OWN,
                Target.PUT_MICROS)),
        "Reads are answered from an index that one watch keeps current and a lease makes"
            + " linearizable: they cost no API call. Writes that come together share one.");
  }

  private static Claim naive() {
    return new Claim(
        "Performance, without a cache",
        "an adapter that turns each request into calls of the API is too slow",
        List.of(
            Claim.Bar.ratio(
                "linearizable GET, 1 client: median by etcd v2's",
                "clients-get-etcd-v2",
                NAIVE,
                ETCD,
                1,
                Figure.P50,
                Target.GET_ALONE),
            Claim.Bar.ratio(
                "linearizable GET, 64 clients: throughput by etcd v2's",
                "clients-get-etcd-v2",
                NAIVE,
                ETCD,
                64,
                Figure.PER_SECOND,
                Target.GET_64),
            Claim.Bar.ratio(
                "durable PUT, 64 clients: throughput by etcd v2's",
                "clients-put-etcd-v2",
                NAIVE,
                ETCD,
                64,
                Figure.PER_SECOND,
                Target.KUBE_PUT_64),
            Claim.Bar.ratio(
                "durable PUT, 256 clients: throughput by etcd v2's",
                "clients-put-etcd-v2",
                NAIVE,
                ETCD,
                256,
                Figure.PER_SECOND,
                Target.KUBE_PUT_256)),
        "This is what the article can have had in mind. It is judged on a kube-apiserver, by the"
            + " same targets, and is no part of kubekv.");
  }

  private static Claim scalability() {
    return new Claim(
        "Scalability",
        "watches, keys and hosts cost the API server too much",
        List.of(
            Claim.Bar.value(
                "10,000 watchers: ms until the last has its event",
                "watchers-etcd-v2",
                KUBE,
                10_000,
                WatchersScenario.LAST,
                Target.WOKEN_MILLIS),
            Claim.Bar.ratio(
                "1,000 watchers: until the last has its event, by etcd v2's",
                "watchers-etcd-v2",
                KUBE,
                ETCD,
                1000,
                WatchersScenario.LAST,
                Target.WOKEN_BY_ETCD),
            Claim.Bar.value(
                "a watcher of 10,000: KiB of kubekv's live heap",
                "watchers-etcd-v2",
                KUBE,
                10_000,
                HEAP,
                Target.WATCHER_KIB),
            Claim.Bar.ratio(
                "30 Docker hosts: median answer by etcd v2's",
                "docker",
                KUBE,
                ETCD,
                30,
                Figure.P50,
                Target.KUBE_DOCKER),
            Claim.Bar.ratio(
                "the most Docker hosts, by etcd v2's",
                "docker-most",
                KUBE,
                ETCD,
                1,
                MostHostsScenario.MOST,
                Target.MOST_HOSTS),
            Claim.Bar.value(
                "10,000 watchers: ms until the last has its event",
                "watchers-etcd-v2",
                EMBEDDED,
                10_000,
                WatchersScenario.LAST,
                Target.WOKEN_MILLIS),
            Claim.Bar.ratio(
                "1,000 watchers: until the last has its event, by etcd v2's",
                "watchers-etcd-v2",
                EMBEDDED,
                ETCD,
                1000,
                WatchersScenario.LAST,
                Target.WOKEN_BY_ETCD),
            Claim.Bar.value(
                "a watcher of 10,000: KiB of kubekv's live heap",
                "watchers-etcd-v2",
                EMBEDDED,
                10_000,
                HEAP,
                Target.WATCHER_KIB),
            Claim.Bar.ratio(
                "30 Docker hosts: median answer by etcd v2's",
                "docker",
                EMBEDDED,
                ETCD,
                30,
                Figure.P50,
                Target.DOCKER),
            Claim.Bar.ratio(
                "the most Docker hosts, by etcd v2's",
                "docker-most",
                EMBEDDED,
                ETCD,
                1,
                MostHostsScenario.MOST,
                Target.MOST_HOSTS)),
        "All watchers of a replica share one watch of the API, and all lists are read from its"
            + " index: what the API server sees are one list, one watch and the writes.");
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
}
