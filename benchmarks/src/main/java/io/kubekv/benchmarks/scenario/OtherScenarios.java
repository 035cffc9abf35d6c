package io.kubekv.benchmarks.scenario;

import io.kubekv.benchmarks.Watching;
import io.kubekv.benchmarks.report.Chapter;
import io.kubekv.benchmarks.report.Chapter.Kind;
import io.kubekv.benchmarks.report.Chapter.Plot;
import io.kubekv.benchmarks.report.Figure;
import java.util.List;

/** The scenarios that are no loads of requests: engines, watchers, memory, a lock, a restart. */
final class OtherScenarios {
  private static final String ENGINES =
      "Every engine says each 20 s that it lives, which wakes every engine, which lists all;"
          + " each makes and removes an endpoint a minute. The load grows with the square of the"
          + " hosts.";

  private final Size size;

  OtherScenarios(Size size) {
    this.size = size;
  }

  Scenario docker() {
    return new DockerScenario(
        new Chapter(
            "docker",
            "The traffic of Docker engines",
            ENGINES,
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
        Field.STORES.of(size),
        size.of(List.of(30.0), List.of(30.0, 100.0), List.of(10.0, 30.0, 100.0)),
        size == Size.QUICK ? 3 : 5,
        size.docker(),
        size.warmUp());
  }

  Scenario mostHosts() {
    return new MostHostsScenario(
        new Chapter(
            "docker-most",
            "The most Docker engines that a store bears",
            ENGINES
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
        Field.STORES.of(size),
        size == Size.FULL ? 3 : 5,
        size.docker(),
        size.warmUp());
  }

  Scenario watchers(Protocol protocol, Watching watching, List<Entrant> entrants) {
    return new WatchersScenario(
        new Chapter(
            "watchers-" + protocol.slug(),
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
        entrants,
        size.of(
            List.of(100.0, 1000.0),
            List.of(1000.0, 10_000.0),
            List.of(1.0, 10.0, 100.0, 1000.0, 10_000.0)),
        size == Size.QUICK ? 3 : 5,
        watching);
  }

  Scenario memory() {
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
        Field.STORES.of(size),
        size.of(List.of(1000.0), List.of(10_000.0), List.of(10_000.0, 100_000.0)),
        3,
        200);
  }

  Scenario lock() {
    return new LockScenario(
        new Chapter(
            "lock",
            "A lock that two clients take turns with",
            "libkv's lock by the etcd v2 API: from the holder's delete until the other, which"
                + " waits, has created the key.",
            "clients",
            Entrant.ETCD_V2.label(),
            List.of(new Plot("Hand-over, median", Figure.P50, "ms", Kind.BARS))),
        Field.STORES.of(size),
        size.rounds(),
        size.slice(),
        size.warmUp());
  }

  Scenario recovery() {
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
        Field.STORES.of(size),
        size.of(List.of(1000.0), List.of(1000.0), List.of(1000.0, 10_000.0)),
        3);
  }
}
