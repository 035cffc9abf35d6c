package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.Waiting;
import io.kubekv.e2e.faults.history.Disturbance;
import io.kubekv.e2e.faults.history.History;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Does one thing after another to the stores, in an order that its seed decides. */
public final class Nemesis {
  /** The kind that is for requests about snapshots. */
  public static final String SNAPSHOTS = "break-snapshots";

  /** How the kinds begin that are for certain requests. */
  private static final String OF_REQUESTS = "break-";

  private static final Duration LEASE_LOOK = Duration.ofMillis(100);

  private final Cluster cluster;
  private final History history;
  private final SplittableRandom random;
  private final Faults faults;
  private final Map<String, Integer> counts = new TreeMap<>();
  private final Map<String, Integer> struck = new TreeMap<>();
  private volatile boolean over;

  public Nemesis(Cluster cluster, History history, long seed) {
    this.cluster = cluster;
    this.history = history;
    this.random = new SplittableRandom(seed);
    this.faults = new Faults(cluster, random.split());
  }

  /** Blocks until the time is over and everything is undone and runs again. */
  public void run(Duration time) throws IOException {
    Thread observer = Thread.ofVirtual().name("lease").start(this::observe);
    try {
      long end = System.nanoTime() + time.toNanos();
      Deque<Supplier<Fault>> deck = new ArrayDeque<>();
      while (System.nanoTime() < end) {
        if (deck.isEmpty()) {
          deck.addAll(faults.deck());
        }
        inflict(deck.pop().get());
        Waiting.pause(Duration.ofMillis(random.nextLong(500, 2500)));
      }
      cluster.awaitHolder(Program.START);
    } finally {
      over = true;
      join(observer);
    }
  }

  /** How many faults of each kind there were. */
  public Map<String, Integer> counts() {
    return Map.copyOf(counts);
  }

  /** How many requests have met the faults of each kind that are for certain requests. */
  public Map<String, Integer> struck() {
    return Map.copyOf(struck);
  }

  /** Why some kinds of faults are left out here; empty when none are. */
  public static Optional<String> leftOut() {
    return PacketFilter.isAvailable()
        ? Optional.empty()
        : Optional.of("no packets are lost: that takes root, unshare and iptables");
  }

  private void inflict(Fault fault) throws IOException {
    long from = System.nanoTime();
    fault.begin().run();
    Waiting.pause(fault.lasts());
    fault.end().run();
    long to = System.nanoTime();
    history.add(new Disturbance(fault.kind(), fault.target(), from, to));
    counts.merge(fault.kind(), 1, Integer::sum);
    int hits = fault.struck().getAsInt();
    if (fault.kind().startsWith(OF_REQUESTS)) {
      struck.merge(fault.kind(), hits, Integer::sum);
    }
    Check.say(
        "  %-20s %-12s %5d ms%s",
        fault.kind(),
        fault.target(),
        (to - from) / 1_000_000,
        hits > 0 ? ", " + hits + " requests" : "");
  }

  /** Notes when somebody else has the lease. */
  private void observe() {
    Optional<String> known = cluster.term();
    long since = System.nanoTime();
    while (!over) {
      Optional<String> now = cluster.term();
      long at = System.nanoTime();
      if (now.isPresent()) {
        if (!now.equals(known)) {
          history.add(new Disturbance(Disturbance.TAKE_OVER, now.get(), since, at));
        }
        known = now;
        since = at;
      }
      Waiting.pause(LEASE_LOOK);
    }
  }

  private static void join(Thread thread) throws IOException {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
