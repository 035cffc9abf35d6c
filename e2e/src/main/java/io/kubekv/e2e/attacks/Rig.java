package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Check;
import io.kubekv.e2e.Finding;
import io.kubekv.e2e.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** The servers that attacks share, and what is measured around each attack. */
final class Rig implements AutoCloseable {
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(20);
  private static final int KEYS = 200;
  private static final int LARGE = 40;
  private static final int LARGE_BYTES = 500_000;

  private final boolean quick;
  private final boolean times;
  private final Path folder;
  private final Map<Kind, Victim> victims = new EnumMap<>(Kind.class);

  Rig(boolean quick, boolean times) throws IOException {
    this.quick = quick;
    this.times = times;
    folder = Files.createTempDirectory("kubekv-e2e-attacks");
  }

  boolean quick() {
    return quick;
  }

  /** A new, empty folder; {@code e2e/attacks} removes all of them. */
  Path folder(String name) throws IOException {
    return Files.createTempDirectory(folder, name);
  }

  /** The shared server of this kind, started anew if it did not survive. */
  Victim victim(Kind kind) throws IOException {
    Victim known = victims.get(kind);
    if (known == null) {
      known = start(kind);
      victims.put(kind, known);
    }
    return known;
  }

  /** The shared servers are not what they were: who needs one gets a new one. */
  void forget() {
    victims.values().forEach(Victim::close);
    victims.clear();
  }

  private Victim start(Kind kind) throws IOException {
    Victim victim =
        kind == Kind.OPEN ? Victim.open(folder("open")) : Victim.secured(folder("secured"));
    fill(victim);
    if (kind == Kind.OPEN) {
      Seed.large(victim, LARGE, LARGE_BYTES);
    }
    warmUp(victim);
    return victim;
  }

  /** Puts the keys that must be there at any later time. */
  static void fill(Victim victim) throws IOException {
    for (int i = 0; i < KEYS; i++) {
      victim.putInnocent("innocent/k" + i, "v" + i + "x".repeat(i));
    }
  }

  /** Lets it compile and allocate what it will need anyway. */
  void warmUp(Victim victim) throws IOException {
    try (Neighbour neighbour = new Neighbour(victim)) {
      Waiting.pause(Duration.ofSeconds(quick ? 3 : 10));
    }
    victim.memory();
  }

  /** What is done to a server between two readings. */
  @FunctionalInterface
  interface Deed {
    void run() throws IOException;
  }

  /** Makes the attack on a server that others use, and judges what became of it. */
  void beside(Assault assault, Victim victim, Consumer<Finding> findings) throws IOException {
    Duration within = Duration.ofSeconds(quick ? 90 : 600);
    Target target = victim.target(quick);
    beside(
        victim,
        assault.stores(),
        () -> AssaultProcess.run(assault, target, within, findings),
        findings);
  }

  /** The same of anything that is done to it. */
  void beside(Victim victim, long stores, Deed deed, Consumer<Finding> findings)
      throws IOException {
    Observed.Memory before = victim.memory();
    long logged = victim.logged();
    try (Neighbour neighbour = new Neighbour(victim);
        Health health = new Health(victim.process.operations())) {
      Waiting.pause(Duration.ofMillis(500)); // its connections
      neighbour.seen();
      Waiting.pause(Duration.ofSeconds(quick ? 2 : 10));
      Observed.Seen quiet = neighbour.seen();
      health.slowest();
      deed.run();
      Observed.Seen during = neighbour.seen();
      Duration slowest = health.slowest();
      Map<String, String> acknowledged = neighbour.stop();
      boolean alive = victim.lives();
      Observed.Memory after = alive ? settled(victim, before, stores) : before;
      if (!alive) {
        Check.say("  its last words: %s", victim.lastWords());
      }
      long wrong = alive ? new Memorised(acknowledged).wrong(victim) + victim.wrong() : 1;
      long keys = (long) acknowledged.size() + victim.known();
      Observed seen =
          new Observed(
              alive,
              quiet,
              during,
              slowest,
              before,
              after,
              stores,
              victim.logged() - logged,
              keys,
              wrong);
      Check.say(
          "  the process held at most %d MiB meanwhile, of the container's %d",
          after.peak() >> 20, Chart.MEMORY >> 20);
      Judge.judge(seen, times).forEach(findings);
    }
  }

  /**
   * Its memory, as soon as it is back, or when it has had its time; all that it may have, where it
   * does not even say how much that is.
   */
  private static Observed.Memory settled(Victim victim, Observed.Memory before, long stores) {
    try {
      return read(victim, before, stores);
    } catch (IOException silent) {
      Check.say("  it does not say what memory it holds: %s", String.valueOf(silent.getMessage()));
      long all = before.limit();
      return new Observed.Memory(all, all, all, 0);
    }
  }

  private static Observed.Memory read(Victim victim, Observed.Memory before, long stores)
      throws IOException {
    long deadline = System.nanoTime() + SETTLES_WITHIN.toNanos();
    long peak = 0;
    while (true) {
      Observed.Memory now = victim.memory();
      peak = Math.max(peak, now.peak());
      boolean back =
          now.heap() <= before.heap() + Judge.HEAP_SLACK + stores
              && now.direct() <= before.direct() + Judge.DIRECT_SLACK;
      if (back || System.nanoTime() > deadline) {
        return new Observed.Memory(now.heap(), now.limit(), now.direct(), peak);
      }
      Waiting.pause(Duration.ofSeconds(1));
    }
  }

  @Override
  public void close() {
    forget();
  }
}
