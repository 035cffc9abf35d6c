package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.Watching;
import io.kubekv.benchmarks.load.Keys;
import io.kubekv.benchmarks.load.Operation;
import io.kubekv.benchmarks.load.Workload;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.Chapter.Kind;
import io.kubekv.benchmarks.report.Chapter.Plot;
import io.kubekv.benchmarks.report.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/** Which scenarios a run has, in the order in which they are measured. */
final class Plan {
  private static final List<Entrant> ETCD_V2 =
      List.of(
          Entrant.ETCD_V2,
          Entrant.KUBEKV,
          Entrant.KUBEKV_KUBE,
          Entrant.KUBEKV_ETCD,
          Entrant.NAIVE,
          Entrant.NAIVE_KUBE,
          Entrant.RAW);
  private static final List<Entrant> STORES =
      ETCD_V2.stream().filter(entrant -> entrant != Entrant.RAW).toList();
  private static final List<Entrant> GRPC =
      List.of(
          Entrant.ETCD_V3,
          Entrant.KUBEKV,
          Entrant.KUBEKV_KUBE,
          Entrant.KUBEKV_ETCD,
          Entrant.NAIVE,
          Entrant.NAIVE_KUBE,
          Entrant.RAW);
  private static final List<Entrant> CONSUL =
      List.of(Entrant.CONSUL, Entrant.KUBEKV, Entrant.KUBEKV_KUBE, Entrant.KUBEKV_ETCD);

  private static final List<Plot> PLOTS =
      List.of(
          new Plot("Throughput", Figure.PER_SECOND, "per second", Kind.LINES),
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

  private final Size size;

  Plan(Size size) {
    this.size = size;
  }

  List<Scenario> scenarios() {
    List<Scenario> scenarios = new ArrayList<>();
    scenarios.addAll(clients(Protocol.ETCD_V2, ETCD_V2));
    scenarios.addAll(clients(Protocol.GRPC, GRPC));
    scenarios.addAll(clients(Protocol.CONSUL, CONSUL));
    scenarios.add(rates("put", "Durable writes", false));
    scenarios.add(docker());
    scenarios.add(watchers(Protocol.ETCD_V2, Watching.ETCD, STORES));
    scenarios.add(contention());
    scenarios.add(lock());
    scenarios.add(recovery());
    if (size != Size.QUICK) {
      scenarios.add(rates("get", "Reads", true));
      scenarios.add(watchers(Protocol.CONSUL, Watching.CONSUL, CONSUL));
      scenarios.add(keys("get", Workload::gets));
      scenarios.add(keys("list", Workload::lists));
      scenarios.add(memory());
      scenarios.add(values("get", Workload::gets));
      scenarios.add(values("put", Workload::puts));
      scenarios.add(mostHosts());
    }
    return scenarios;
  }

  /** The contestants of a size: the quick one leaves out what only explains. */
  private List<Entrant> among(List<Entrant> all) {
    return all.stream()
        .filter(
            entrant ->
                size == Size.ALL
                    || entrant != Entrant.NAIVE
                        && (size == Size.FULL || entrant != Entrant.KUBEKV_ETCD))
        .toList();
  }

  /** What requests are made of. */
  @FunctionalInterface
  private interface Kinds {
    Workload over(Keys keys);
  }

  private List<Scenario> clients(Protocol protocol, List<Entrant> entrants) {
    List<Scenario> scenarios = new ArrayList<>();
    scenarios.add(clients(protocol, entrants, "get", "Reads", Workload::gets));
    scenarios.add(clients(protocol, entrants, "put", "Durable writes", Workload::puts));
    if (size == Size.ALL || size == Size.FULL && protocol == Protocol.ETCD_V2) {
      scenarios.add(
          clients(
              protocol,
              entrants,
              "mix",
              "Nine reads to a write",
              keys -> Workload.mix(90, Workload.gets(keys), Workload.puts(keys))));
    }
    return scenarios;
  }

  private Scenario clients(
      Protocol protocol, List<Entrant> entrants, String kind, String title, Kinds kinds) {
    String name = "clients-" + kind + "-" + slug(protocol);
    Keys keys = Keys.of(name, 1000, 200);
    return load(
        new Chapter(
            name,
            title + " by the " + protocol.text() + ", from one client to many",
            "Closed loop: each client sends its next request when the last is answered; 1,000 keys"
                + " of 200 bytes, at random. raw is asked by the Kubernetes API.",
            "clients",
            entrants.getFirst().label(),
            kind.equals("put") ? PLOTS_OF_WRITES : PLOTS),
        entrants,
        size.of(
            List.of(1.0, 64.0),
            List.of(1.0, 64.0, 256.0),
            List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)),
        protocol,
        x -> new LoadScenario.Load(keys, (int) x, OptionalDouble.empty(), kinds.over(keys)));
  }

  private LoadScenario load(
      Chapter chapter,
      List<Entrant> entrants,
      List<Double> points,
      Protocol protocol,
      DoubleFunction<LoadScenario.Load> loads) {
    return new LoadScenario(
        chapter,
        among(entrants),
        points,
        size.rounds(),
        size.slice(),
        size.warmUp(),
        protocol,
        loads);
  }

  private static String slug(Protocol protocol) {
    return switch (protocol) {
      case ETCD_V2 -> "etcd-v2";
      case CONSUL -> "consul";
      case GRPC -> "grpc";
      case OBJECTS -> "objects";
    };
  }

  private Scenario rates(String kind, String title, boolean reads) {
    String name = "rate-" + kind;
    Keys keys = Keys.of(name, 1000, 200);
    Workload workload = reads ? Workload.gets(keys) : Workload.puts(keys);
    return load(
        new Chapter(
            name,
            title + " by the etcd v2 API at a fixed rate",
            "Open loop: requests are due at a fixed rate, whether or not those before are answered;"
                + " times count from when a request was due.",
            "requests a second",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("Median time against rate", Figure.P50, "ms", Kind.LINES),
                new Plot("99th percentile against rate", Figure.P99, "ms", Kind.LINES),
                new Plot("What was answered", Figure.PER_SECOND, "per second", Kind.LINES))),
        ETCD_V2,
        size.of(
            List.of(500.0),
            List.of(200.0, 1000.0, 5000.0),
            List.of(50.0, 100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0, 6400.0, 12800.0)),
        Protocol.ETCD_V2,
        x -> new LoadScenario.Load(keys, 64, OptionalDouble.of(x), workload));
  }

  private static final String DOCKER =
      "Every engine says each 20 s that it lives, which wakes every engine, which lists all;"
          + " each makes and removes an endpoint a minute. The load grows with the square of the"
          + " hosts.";

  private Scenario docker() {
    return new DockerScenario(
        new Chapter(
            "docker",
            "The traffic of Docker engines",
            DOCKER,
            "hosts",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("Median answer time of requests", Figure.P50, "ms", Kind.LINES),
                new Plot(
                    "Heartbeats reach the other engines, 99th percentile",
                    DockerScenario.LAG,
                    "ms",
                    Kind.LINES),
                new Plot("What a request costs", Figure.CPU, "µs of processor time", Kind.PARTS))),
        among(STORES),
        size.of(List.of(30.0), List.of(10.0, 30.0, 100.0), List.of(10.0, 30.0, 100.0)),
        size == Size.QUICK ? 3 : 5,
        size.docker(),
        size.warmUp());
  }

  private Scenario mostHosts() {
    return new MostHostsScenario(
        new Chapter(
            "docker-most",
            "The most Docker engines that a store bears",
            DOCKER
                + " The most of whose heartbeats 99 in 100 reach every engine within a second,"
                + " found to a twentieth; engines and stores share this machine, so that of two"
                + " stores that let the engines use most of it the machine is the limit.",
            "machine",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("The most hosts", MostHostsScenario.MOST, "hosts", Kind.BARS),
                new Plot(
                    "The load's own part of the processor time at the most hosts",
                    MostHostsScenario.OF_CLIENT,
                    "of 1",
                    Kind.BARS))),
        among(STORES),
        size == Size.FULL ? 3 : 5,
        size.docker(),
        size.warmUp());
  }

  private Scenario watchers(Protocol protocol, Watching watching, List<Entrant> entrants) {
    return new WatchersScenario(
        new Chapter(
            "watchers-" + slug(protocol),
            "Watchers of one key by the " + protocol.text(),
            "Waiting requests held by another process; the key is changed once. Memory is that of"
                + " live objects in the Java programs; those in Go do not tell theirs.",
            "watchers",
            entrants.getFirst().label(),
            List.of(
                new Plot(
                    "From the change until the last watcher has its event",
                    WatchersScenario.LAST,
                    "ms",
                    Kind.LINES),
                new Plot("Memory of a watcher", Figure.MEMORY, "KiB of heap", Kind.PARTS),
                new Plot("What an event costs", Figure.CPU, "µs of processor time", Kind.PARTS))),
        among(entrants),
        size.of(
            List.of(100.0, 1000.0),
            List.of(1000.0, 10_000.0),
            List.of(1.0, 10.0, 100.0, 1000.0, 10_000.0)),
        size == Size.QUICK ? 3 : 5,
        watching);
  }

  private Scenario keys(String kind, Kinds kinds) {
    boolean lists = kind.equals("list");
    return load(
        new Chapter(
            "keys-" + kind,
            lists
                ? "Lists of a directory among more and more keys"
                : "Reads among more and more keys",
            "One client, closed loop, etcd v2 API; keys of 200 bytes, a hundred to a directory.",
            "keys",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("Median answer time", Figure.P50, "ms", Kind.LINES),
                new Plot(
                    "What an operation costs", Figure.CPU, "µs of processor time", Kind.PARTS))),
        STORES,
        size.of(
            List.of(100.0, 1000.0),
            List.of(100.0, 10_000.0),
            List.of(100.0, 1000.0, 10_000.0, 100_000.0)),
        Protocol.ETCD_V2,
        x -> {
          Keys keys = Keys.of("keys-" + kind, (int) x, 200);
          return new LoadScenario.Load(keys, 1, OptionalDouble.empty(), kinds.over(keys));
        });
  }

  private Scenario memory() {
    return new MemoryScenario(
        new Chapter(
            "memory",
            "Memory of keys",
            "So many keys of 200 bytes are written by the etcd v2 API, a hundred to a directory,"
                + " and again in each round. Memory is that of live objects in the Java programs;"
                + " those in Go do not tell theirs.",
            "keys",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot(
                    "Memory of a key, with its part of its directory",
                    Figure.MEMORY,
                    "KiB of heap",
                    Kind.PARTS))),
        among(STORES),
        size.of(List.of(1000.0), List.of(10_000.0), List.of(10_000.0, 100_000.0)),
        3,
        200);
  }

  private Scenario values(String kind, Kinds kinds) {
    return load(
        new Chapter(
            "values-" + kind,
            kind.equals("get") ? "Reads of larger values" : "Durable writes of larger values",
            "Eight clients, closed loop, etcd v2 API, 100 keys.",
            "bytes",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("Throughput", Figure.PER_SECOND, "per second", Kind.LINES),
                new Plot("Median answer time", Figure.P50, "ms", Kind.LINES))),
        ETCD_V2,
        size.of(
            List.of(10_000.0),
            List.of(1000.0, 100_000.0),
            List.of(100.0, 1000.0, 10_000.0, 100_000.0, 500_000.0)),
        Protocol.ETCD_V2,
        x -> {
          Keys keys = Keys.of("values-" + kind + (int) x, 100, (int) x);
          return new LoadScenario.Load(keys, 8, OptionalDouble.empty(), kinds.over(keys));
        });
  }

  private Scenario contention() {
    Keys one = new Keys("contention", 1, 1, "0");
    return load(
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
        STORES,
        size.of(List.of(8.0), List.of(1.0, 8.0, 32.0), List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0)),
        Protocol.ETCD_V2,
        x ->
            new LoadScenario.Load(
                one,
                (int) x,
                OptionalDouble.empty(),
                random -> new Operation.Increment(one.name(0))));
  }

  private Scenario lock() {
    return new LockScenario(
        new Chapter(
            "lock",
            "A lock that two clients take turns with",
            "libkv's lock by the etcd v2 API: from the holder's delete until the other, which"
                + " waits, has created the key.",
            "clients",
            Entrant.ETCD_V2.label(),
            List.of(new Plot("Hand-over, median", Figure.P50, "ms", Kind.BARS))),
        among(STORES),
        size.rounds(),
        size.slice(),
        size.warmUp());
  }

  private Scenario recovery() {
    return new RecoveryScenario(
        new Chapter(
            "recovery",
            "Killed and started again",
            "kill -9 and a start at once, with so many keys: from the kill until a key can be"
                + " read, and written. A kubekv on another API server waits for the lease of the"
                + " one that was killed (6 s): another replica would have taken over meanwhile.",
            "keys",
            Entrant.ETCD_V2.label(),
            List.of(
                new Plot("Until the first read", RecoveryScenario.READ, "ms", Kind.BARS),
                new Plot("Until the first write", RecoveryScenario.WRITTEN, "ms", Kind.BARS))),
        among(STORES),
        size.of(List.of(1000.0), List.of(1000.0), List.of(1000.0, 10_000.0)),
        3);
  }
}
