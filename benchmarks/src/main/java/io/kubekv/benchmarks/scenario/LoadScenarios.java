package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.load.Keys;
import io.kubekv.benchmarks.load.Operation;
import io.kubekv.benchmarks.load.Workload;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.Chapter.Kind;
import io.kubekv.benchmarks.report.Chapter.Plot;
import io.kubekv.benchmarks.report.Figure;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The scenarios that are loads of requests. */
final class LoadScenarios {
  static final Plot THROUGHPUT =
      new Plot("Throughput", Figure.PER_SECOND, "operations a second", Kind.LINES);

  private static final List<Plot> PLOTS =
      List.of(
          THROUGHPUT,
          new Plot("Median answer time", Figure.P50, "ms", Kind.LINES),
          new Plot("99th percentile of the answer time", Figure.P99, "ms", Kind.LINES),
          new Plot("What an operation costs", Figure.CPU, "µs of processor time", Kind.PARTS),
          new Plot("What an operation writes to disk", Figure.WRITTEN, "bytes", Kind.PARTS));

  private static final List<Plot> PLOTS_OF_WRITES =
      Stream.concat(
              PLOTS.stream(),
              Stream.of(
                  new Plot("How often an operation syncs the disk", Figure.SYNCS, "", Kind.PARTS)))
          .toList();

  /** What requests are made of. */
  enum Requests {
    GET("get", "Linearizable reads"),
    PUT("put", "Durable writes"),
    MIX("mix", "Nine reads to a write"),
    LIST("list", "Lists of a directory");

    private final String slug;
    private final String title;

    Requests(String slug, String title) {
      this.slug = slug;
      this.title = title;
    }

    private Workload over(Keys keys) {
      return switch (this) {
        case GET -> Workload.gets(keys);
        case PUT -> Workload.puts(keys);
        case MIX -> Workload.mix(90, Workload.gets(keys), Workload.puts(keys));
        case LIST -> Workload.lists(keys);
      };
    }

    private List<Plot> plots() {
      return this == PUT ? PLOTS_OF_WRITES : PLOTS;
    }
  }

  private final Size size;

  LoadScenarios(Size size) {
    this.size = size;
  }

  /** Each contestant asked by its own API, all beside etcd v2. */
  Scenario clients(Requests requests) {
    return clients(
        "clients-" + requests.slug,
        requests,
        ", each asked by its own API",
        "kubekv and the adapter are asked by etcd v2's API, raw by the Kubernetes API.",
        Field.ALL.of(size),
        Entrant::ownProtocol);
  }

  /** All asked by one protocol. */
  Scenario clients(Requests requests, Protocol protocol, Field field) {
    return clients(
        "clients-" + requests.slug + "-" + protocol.slug(),
        requests,
        " by " + protocol.text(),
        "All stores are asked by the same API.",
        field.of(size),
        entrant -> protocol);
  }

  private Scenario clients(
      String name,
      Requests requests,
      String how,
      String asked,
      List<Entrant> entrants,
      Function<Entrant, Protocol> by) {
    Keys keys = Keys.of(name, 1000, 200);
    return load(
        new Chapter(
            name,
            requests.title + how + ", from one client to many",
            "Closed loop: each client sends its next request when the last is answered; 1,000 keys"
                + " of 200 bytes, at random. "
                + asked,
            "clients",
            entrants.getFirst().label(),
            requests.plots()),
        entrants,
        size.of(
            List.of(1.0, 64.0),
            List.of(1.0, 64.0, 256.0),
            List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)),
        by,
        x -> new LoadScenario.Load(keys, (int) x, OptionalDouble.empty(), requests.over(keys)));
  }

  private LoadScenario load(
      Chapter chapter,
      List<Entrant> entrants,
      List<Double> points,
      Function<Entrant, Protocol> by,
      DoubleFunction<LoadScenario.Load> loads) {
    return new LoadScenario(
        chapter, entrants, points, size.rounds(), size.slice(), size.warmUp(), by, loads);
  }

  private LoadScenario byEtcdV2(
      Chapter chapter, Field field, List<Double> points, DoubleFunction<LoadScenario.Load> loads) {
    return load(
        chapter,
        field.of(size),
        points,
        entrant -> entrant == Entrant.RAW ? Protocol.OBJECTS : Protocol.ETCD_V2,
        loads);
  }

  /** At fixed rates. */
  Scenario rates(Requests requests) {
    String name = "rate-" + requests.slug;
    Keys keys = Keys.of(name, 1000, 200);
    Workload workload = requests.over(keys);
    return byEtcdV2(
        new Chapter(
            name,
            requests.title + " by the etcd v2 API at a fixed rate",
            "Open loop: requests are due at a fixed rate, whether or not those before are answered;"
                + " times count from when a request was due.",
            "requests a second",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("Median time against rate", Figure.P50, "ms", Kind.LINES),
                new Plot("99th percentile against rate", Figure.P99, "ms", Kind.LINES),
                new Plot("What was answered", Figure.PER_SECOND, "per second", Kind.LINES))),
        Field.ETCD_V2,
        size.of(
            List.of(500.0),
            List.of(200.0, 1000.0, 5000.0),
            List.of(50.0, 100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0, 6400.0, 12800.0)),
        x -> new LoadScenario.Load(keys, 64, OptionalDouble.of(x), workload));
  }

  /** Among more and more keys. */
  Scenario keys(Requests requests) {
    String name = "keys-" + requests.slug;
    return byEtcdV2(
        new Chapter(
            name,
            requests.title + " among more and more keys",
            "One client, closed loop, etcd v2 API; keys of 200 bytes, a hundred to a directory.",
            "keys",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("Median answer time", Figure.P50, "ms", Kind.LINES),
                new Plot(
                    "What an operation costs", Figure.CPU, "µs of processor time", Kind.PARTS))),
        Field.STORES,
        size.of(
            List.of(100.0, 1000.0),
            List.of(100.0, 10_000.0),
            List.of(100.0, 1000.0, 10_000.0, 100_000.0)),
        x -> {
          Keys keys = Keys.of(name, (int) x, 200);
          return new LoadScenario.Load(keys, 1, OptionalDouble.empty(), requests.over(keys));
        });
  }

  /** Of larger values. */
  Scenario values(Requests requests) {
    String name = "values-" + requests.slug;
    return byEtcdV2(
        new Chapter(
            name,
            requests.title + " of larger values",
            "Eight clients, closed loop, etcd v2 API, 100 keys.",
            "bytes",
            Entrant.ETCD_V2.label(),
            List.of(THROUGHPUT, new Plot("Median answer time", Figure.P50, "ms", Kind.LINES))),
        Field.ETCD_V2,
        size.of(
            List.of(10_000.0),
            List.of(1000.0, 100_000.0),
            List.of(100.0, 1000.0, 10_000.0, 100_000.0, 500_000.0)),
        x -> {
          Keys keys = Keys.of(name + (int) x, 100, (int) x);
          return new LoadScenario.Load(keys, 8, OptionalDouble.empty(), requests.over(keys));
        });
  }

  Scenario contention() {
    Keys one = new Keys("contention", 1, 1, "0");
    return byEtcdV2(
        new Chapter(
            "contention",
            "Many clients count up one key",
            "Each reads the number and writes the next on condition that nobody else has"
                + " meanwhile, until it succeeds; etcd v2 API.",
            "clients",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("Increments that succeed", Figure.PER_SECOND, "per second", Kind.LINES),
                new Plot("Time of an increment, median", Figure.P50, "ms", Kind.LINES))),
        Field.STORES,
        size.of(List.of(8.0), List.of(1.0, 8.0, 32.0), List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0)),
        x ->
            new LoadScenario.Load(
                one,
                (int) x,
                OptionalDouble.empty(),
                random -> new Operation.Increment(one.name(0))));
  }
}
