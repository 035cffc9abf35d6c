package io.kubekv.k8s;

import io.kubekv.embedded.Faults;
import io.kubekv.embedded.Faults.Call;
import io.kubekv.embedded.Faults.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Lets the faults of one store recur. It counts requests, so a test that is run again is struck at
 * the same ones as far as the store sends the same ones. A request has the fault that is due first,
 * and none of ours when the test itself has asked for one.
 */
final class Nemesis {
  static final Fault NONE = new Fault.Latency(Duration.ZERO);

  /** Long enough for the watches to be closed before the request is performed. */
  private static final Fault ONCE_CLOSED = new Fault.Latency(Duration.ofMillis(10));

  /** One recurring fault and how many requests of its kind have come. */
  private static final class Counter {
    private final RecurringFault fault;
    private int seen;

    Counter(RecurringFault fault, int seed) {
      this.fault = fault;
      this.seen = Math.floorMod(seed, fault.every());
    }

    boolean isDue(Call call) {
      return fault.isFor(call) && ++seen % fault.every() == 0;
    }
  }

  /** Holds the next watch back until history is forgotten, the struck change included. */
  private static final class Forgetting implements Predicate<Call> {
    /** Well after the struck change is performed. */
    private static final Executor LATER =
        CompletableFuture.delayedExecutor(40, TimeUnit.MILLISECONDS, Thread::startVirtualThread);

    private final Faults server;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private boolean begun;

    Forgetting(Faults server) {
      this.server = server;
    }

    void beforeNextWatch() {
      server.inject(1, this, new Fault.HoldRequest(done));
    }

    @Override
    public boolean test(Call call) {
      if (begun || !call.watch()) {
        return false;
      }
      begun = true;
      LATER.execute(
          () -> {
            server.compactNow();
            done.complete(null);
          });
      return true;
    }
  }

  private final List<Counter> counters;
  private final Duration watchLag;
  private final AtomicInteger spared = new AtomicInteger();
  private volatile boolean historyKept;

  /** What strikes the request at hand; of the server's one event loop, as all below. */
  private Optional<RecurringFault> choice = Optional.empty();

  /** What has made the server forget, until the store lists again. */
  private Optional<RecurringFault> forgotten = Optional.empty();

  /** Whether the store has opened a watch that was not made to fail. */
  private boolean watched;

  /**
   * @param watchLag how late each watch event comes
   * @param seed where the counting begins
   */
  Nemesis(List<RecurringFault> faults, Duration watchLag, int seed) {
    this.counters = faults.stream().map(each -> new Counter(each, seed)).toList();
    this.watchLag = watchLag;
  }

  /** From now on the server goes wrong, until all its faults are cleared. */
  void arm(Faults server) {
    server.lagWatches(watchLag);
    server.inject(call -> choose(call, server), NONE);
    for (Counter counter : counters) {
      Optional<RecurringFault> mine = Optional.of(counter.fault);
      if (counter.fault.kind() != RecurringFault.Kind.REQUEST) {
        server.inject(call -> choice.equals(mine), ONCE_CLOSED);
      }
      server.inject(call -> choice.equals(mine), counter.fault.ofRequest());
    }
  }

  /** The next change is the test's. */
  void spareNextChange() {
    spared.incrementAndGet();
  }

  /** From now on history matters to the test, so that none is forgotten. */
  void keepHistory() {
    historyKept = true;
  }

  /** Decides what strikes this request; always false, for this decision is no fault itself. */
  private boolean choose(Call call, Faults server) {
    choice = Optional.empty();
    notice(call);
    if (RecurringFault.isChange(call) && spared.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      return false;
    }
    for (Counter counter : counters) {
      if (counter.isDue(call) && choice.isEmpty()) {
        strike(counter.fault, server);
      }
    }
    return false;
  }

  private void notice(Call call) {
    if (RecurringFault.isList(call)) {
      forgotten.ifPresent(RecurringFault::struck);
      forgotten = Optional.empty();
    }
    watched |= call.watch() && forgotten.isEmpty();
  }

  private void strike(RecurringFault fault, Faults server) {
    switch (fault.kind()) {
      case REQUEST -> {
        choice = Optional.of(fault);
        fault.struck();
      }
      case CLOSED_WATCHES -> {
        choice = Optional.of(fault);
        fault.struck();
        server.closeWatches();
      }
      case FORGOTTEN_HISTORY -> {
        if (watched && !historyKept) {
          choice = Optional.of(fault);
          forgotten = choice;
          watched = false;
          new Forgetting(server).beforeNextWatch();
          server.closeWatches();
        }
      }
    }
  }
}
