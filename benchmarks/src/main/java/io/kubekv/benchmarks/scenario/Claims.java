package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.report.Claim;
import io.kubekv.benchmarks.report.Figure;
import java.util.List;

/** The article's reasons, with what each is judged by. */
final class Claims {
  private static final String KUBEKV = Entrant.KUBEKV.label();
  private static final String NAIVE = Entrant.NAIVE.label();
  private static final String ETCD_V3 = Entrant.ETCD_V3.label();
  private static final String ETCD = Entrant.ETCD_V2.label();

  private Claims() {}

  static List<Claim> all() {
    return List.of(performance(), naive(), scalability(), security());
  }

  private static Claim performance() {
    return new Claim(
        "Performance",
        "a key-value store on top of the API is too slow",
        List.of(
            Claim.Bar.atMost(
                "linearizable GET, 1 client, median by etcd's",
                "clients-get-etcd-v2",
                KUBEKV,
                ETCD,
                1,
                Figure.P50,
                0.4),
            Claim.Bar.atLeast(
                "linearizable GET, 64 clients, throughput by etcd's",
                "clients-get-etcd-v2",
                KUBEKV,
                ETCD,
                64,
                Figure.PER_SECOND,
                2),
            Claim.Bar.atMost(
                "linearizable GET by gRPC, 1 client, median by etcd v3's",
                "clients-get-grpc",
                KUBEKV,
                ETCD_V3,
                1,
                Figure.P50,
                1),
            Claim.Bar.atLeast(
                "durable PUT, 64 clients, throughput by etcd's",
                "clients-put-etcd-v2",
                KUBEKV,
                ETCD,
                64,
                Figure.PER_SECOND,
                1)),
        "Reads are answered from an index that one watch keeps current and a lease makes"
            + " linearizable: they cost no API call. Writes cost one.");
  }

  private static Claim naive() {
    return new Claim(
        "Performance, without a cache",
        "an adapter that turns each request into calls of the API is too slow",
        List.of(
            Claim.Bar.atMost(
                "linearizable GET, 1 client, median by etcd's",
                "clients-get-etcd-v2",
                NAIVE,
                ETCD,
                1,
                Figure.P50,
                0.4),
            Claim.Bar.atLeast(
                "linearizable GET, 64 clients, throughput by etcd's",
                "clients-get-etcd-v2",
                NAIVE,
                ETCD,
                64,
                Figure.PER_SECOND,
                2),
            Claim.Bar.atLeast(
                "durable PUT, 64 clients, throughput by etcd's",
                "clients-put-etcd-v2",
                NAIVE,
                ETCD,
                64,
                Figure.PER_SECOND,
                1)),
        "This is what the article can have had in mind; it is measured here by the same bars, and"
            + " is no part of kubekv.");
  }

  private static Claim scalability() {
    return new Claim(
        "Scalability",
        "watches, keys and hosts cost the API server too much",
        List.of(
            Claim.Bar.atMost(
                "10,000 watchers by etcd v2: ms until the last has its event",
                "watchers-etcd-v2",
                KUBEKV,
                "",
                10_000,
                WatchersScenario.LAST,
                300),
            Claim.Bar.atMost(
                "1,000 watchers by etcd v2: until the last has its event, by etcd's",
                "watchers-etcd-v2",
                KUBEKV,
                ETCD,
                1000,
                WatchersScenario.LAST,
                1),
            Claim.Bar.atMost(
                "traffic of 30 Docker hosts: median answer time by etcd's",
                "docker",
                KUBEKV,
                ETCD,
                30,
                Figure.P50,
                0.5),
            Claim.Bar.atLeast(
                "the most Docker hosts, by etcd's",
                "docker-most",
                KUBEKV,
                ETCD,
                1,
                MostHostsScenario.MOST,
                1),
            Claim.Bar.atMost(
                "reads among 10,000 keys: median by etcd's",
                "keys-get",
                KUBEKV,
                ETCD,
                10_000,
                Figure.P50,
                0.6)),
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
