package io.kubekv.k8s.log;

import io.kubekv.embedded.Faults;
import io.kubekv.embedded.Faults.Call;
import io.kubekv.embedded.Faults.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** What goes wrong with every n-th request of a kind; counts how often, in all stores together. */
final class RecurringFaults {
  private final List<Each> faults;
  private final Duration watchLag;

  /**
   * One of them.
   *
   * @param fault what happens to the request
   * @param hits how often it has struck
   */
  private record Each(
      String name, Predicate<Call> when, int every, Fault fault, AtomicInteger hits) {
    Each(String name, Predicate<Call> when, int every, Fault fault) {
      this(name, when, every, fault, new AtomicInteger());
    }
  }

  private RecurringFaults(List<Each> faults, Duration watchLag) {
    this.faults = faults;
    this.watchLag = watchLag;
  }

  private static boolean isList(Call call) {
    return !call.write() && !call.watch() && call.path().endsWith("/storelogs");
  }

  private static boolean isSnapshot(Call call) {
    return call.write()
        && (call.path().contains("/storechunks") || call.path().contains("/storemanifests"));
  }

  private static boolean isLease(Call call) {
    return call.path().contains("/leases");
  }

  /** Requests and answers get lost, and watches are closed, while entries are written. */
  static RecurringFaults lossy() {
    Fault none = new Fault.Latency(Duration.ofMillis(5));
    return new RecurringFaults(
        List.of(
            new Each("entry's answer", LogOnServer::isEntry, 3, new Fault.DropAnswer()),
            new Each("entry's error", LogOnServer::isEntry, 5, new Fault.ErrorAfterCommit()),
            new Each("entry's request", LogOnServer::isEntry, 7, new Fault.DropRequest()),
            new Each("watches", LogOnServer::isEntry, 4, none),
            new Each("list", RecurringFaults::isList, 3, new Fault.DropAnswer()),
            new Each("watch", Call::watch, 4, new Fault.DropRequest()),
            new Each("snapshot's answer", RecurringFaults::isSnapshot, 2, new Fault.DropAnswer()),
            new Each("snapshot's request", RecurringFaults::isSnapshot, 3, new Fault.DropRequest()),
            new Each("lease", RecurringFaults::isLease, 4, new Fault.DropAnswer())),
        Duration.ZERO);
  }

  /**
   * Events come late, some entries and snapshots later still, and now and then nothing is taken.
   */
  static RecurringFaults slow() {
    Fault late = new Fault.Latency(Duration.ofMillis(60));
    return new RecurringFaults(
        List.of(
            new Each("entry", LogOnServer::isEntry, 3, late),
            new Each(
                "late answer",
                LogOnServer::isEntry,
                5,
                new Fault.LateAnswer(Duration.ofMillis(90))),
            new Each("snapshot", RecurringFaults::isSnapshot, 2, late)),
        Duration.ofMillis(30));
  }

  /** From now on the server goes wrong, until all its faults are cleared. */
  void arm(Faults server) {
    server.lagWatches(watchLag);
    for (Each each : faults) {
      AtomicInteger seen = new AtomicInteger();
      server.inject(call -> strikes(each, call, seen, server), each.fault());
    }
  }

  private boolean strikes(Each each, Call call, AtomicInteger seen, Faults server) {
    if (!each.when().test(call) || seen.incrementAndGet() % each.every() != 0) {
      return false;
    }
    if (each.name().equals("watches")) {
      server.closeWatches();
    }
    each.hits().incrementAndGet();
    return true;
  }

  /** How often each has struck. */
  Map<String, Integer> hits() {
    Map<String, Integer> all = new TreeMap<>();
    faults.forEach(each -> all.put(each.name(), each.hits().get()));
    return all;
  }
}
