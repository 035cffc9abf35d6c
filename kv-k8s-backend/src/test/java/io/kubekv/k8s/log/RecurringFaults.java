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

  /** Every n-th entry meets a server that forgets; never, where it is zero. */
  private final int forgets;

  private final AtomicInteger forgotten = new AtomicInteger();

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
    this(faults, watchLag, 0);
  }

  private RecurringFaults(List<Each> faults, Duration watchLag, int forgets) {
    this.faults = faults;
    this.watchLag = watchLag;
    this.forgets = forgets;
  }

  static boolean isList(Call call) {
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

  /** Requests of every kind are refused: 500, or 429 with a time to stay away. */
  static RecurringFaults busy() {
    Fault error = new Fault.ErrorBeforeCommit();
    Fault busy = new Fault.TooManyRequests(1);
    return new RecurringFaults(
        List.of(
            new Each("entry's error", LogOnServer::isEntry, 3, error),
            new Each("entry too many", LogOnServer::isEntry, 37, busy),
            new Each("list's error", RecurringFaults::isList, 3, error),
            new Each("list too many", RecurringFaults::isList, 13, busy),
            new Each("watch's error", Call::watch, 2, error),
            new Each("watch too many", Call::watch, 11, busy),
            new Each("snapshot's error", RecurringFaults::isSnapshot, 3, error),
            new Each("snapshot too many", RecurringFaults::isSnapshot, 5, busy),
            new Each("lease's error", RecurringFaults::isLease, 4, error),
            new Each("lease too many", RecurringFaults::isLease, 13, busy)),
        Duration.ZERO);
  }

  /** Changes of the ring are forgotten before its watch has shown them, which thus gets 410. */
  static RecurringFaults forgetful() {
    return new RecurringFaults(
        List.of(
            new Each("entry's answer", LogOnServer::isEntry, 5, new Fault.DropAnswer()),
            new Each("list's error", RecurringFaults::isList, 5, new Fault.ErrorBeforeCommit())),
        Duration.ZERO,
        4);
  }

  /** From now on the server goes wrong, until all its faults are cleared. */
  void arm(Faults server) {
    arm(server, 0, false);
  }

  /**
   * As above.
   *
   * @param seed where the counting of requests begins
   * @param neverLong whether faults that take a second are left out
   */
  void arm(Faults server, int seed, boolean neverLong) {
    server.lagWatches(watchLag);
    if (forgets > 0) {
      new ForgottenChange(server, forgets, seed, forgotten::incrementAndGet).begin();
    }
    for (Each each : faults) {
      if (neverLong && each.fault() instanceof Fault.TooManyRequests) {
        continue;
      }
      AtomicInteger seen = new AtomicInteger(Math.floorMod(seed, each.every()));
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
    if (forgets > 0) {
      all.put("forgotten", forgotten.get());
    }
    return all;
  }
}
