package io.kubekv.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * {@code e2e/run replicas}: three replicas, of which one holds the store's lease. In each round
 * something happens to the holder while writers write and watchers watch through all of them.
 */
final class ReplicasCheck {
  private static final int REPLICAS = 3;
  private static final int WRITERS = 6;
  private static final String ROOT = "/replicas";
  private static final Duration BEFORE = Duration.ofMillis(1500);
  private static final Duration SLACK = Duration.ofSeconds(1);

  /** What happens to the holder, and how long the others may take to serve again. */
  private enum Mishap {
    KILL("kill -9", true),
    STOP("SIGSTOP past the lease", true),
    TERMINATE("SIGTERM", false);

    private final String shown;
    private final boolean costsTheLease;

    Mishap(String shown, boolean costsTheLease) {
      this.shown = shown;
      this.costsTheLease = costsTheLease;
    }
  }

  private final ReplicaSet set;
  private final Duration lease;
  private final SplittableRandom random;
  private final ConcurrentLinkedQueue<Long> acknowledgements = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
  private final List<ReplicaWriter> writers = new ArrayList<>();
  private final List<ReplicaWatcher> watchers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private Duration longestGraceful = Duration.ZERO;
  private Duration longestCrash = Duration.ZERO;

  private ReplicasCheck(ReplicaSet set, Duration lease, long seed) {
    this.set = set;
    this.lease = lease;
    this.random = new SplittableRandom(seed);
  }

  public static void main(String[] arguments) {
    Check.run("replicas", arguments, ReplicasCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    boolean quick = arguments.flag("--quick");
    int rounds = arguments.count("--rounds", quick ? 3 : 12);
    int lease = arguments.count("--lease", 2);
    long seed = arguments.count("--seed", (int) (System.currentTimeMillis() % 10_000_000) + 1);
    arguments.end();
    Check.say("%d rounds, leases of %d s, --seed %d", rounds, lease, seed);
    try (ReplicaSet set = ReplicaSet.start(REPLICAS, lease)) {
      ReplicasCheck check = new ReplicasCheck(set, Duration.ofSeconds(lease), seed);
      check.begin();
      for (int round = 0; round < rounds; round++) {
        check.round(round + 1, Mishap.values()[round % Mishap.values().length]);
      }
      check.rollingRestart();
      check.end();
      return check.verdict();
    }
  }

  private void begin() throws IOException {
    long index = newestIndex();
    for (int at = 0; at < REPLICAS; at++) {
      watchers.add(new ReplicaWatcher(ROOT, set.replicas(), index + 1, at, faults));
    }
    List<ReplicaWriter.Way> ways =
        set.replicas().stream().map(each -> ReplicaWriter.Way.plain(each.address())).toList();
    for (int number = 0; number < WRITERS; number++) {
      writers.add(
          new ReplicaWriter(
              ROOT + "/w" + number, ways, random.nextLong(), acknowledgements, faults));
    }
    watchers.forEach(each -> threads.add(Thread.ofVirtual().start(each)));
    writers.forEach(each -> threads.add(Thread.ofVirtual().start(each)));
  }

  /**
   * The index from which each replica has every event. One that opened the store after the others
   * may have no history below the index that it shows first.
   */
  private long newestIndex() throws IOException {
    long newest = 0;
    for (StoreProcess replica : set.replicas()) {
      HttpAnswer answer = ReplicaSet.get(replica, "/v2/keys/");
      newest = Math.max(newest, Long.parseLong(answer.header("X-Etcd-Index").orElseThrow()));
    }
    return newest;
  }

  private void round(int number, Mishap mishap) throws IOException {
    Waiting.pause(BEFORE);
    StoreProcess holder = awaitHolder(set.replicas());
    long begun = System.nanoTime();
    switch (mishap) {
      case KILL -> holder.kill();
      case STOP -> signal(holder, "STOP");
      case TERMINATE -> holder.terminate();
    }
    List<StoreProcess> others = set.replicas().stream().filter(one -> one != holder).toList();
    Waiting.pause(lease.plus(SLACK.multipliedBy(2)));
    Duration gap = longestGap(begun, System.nanoTime());
    StoreProcess next = awaitHolder(others);
    if (mishap == Mishap.STOP) {
      signal(holder, "CONT");
    } else {
      holder.startAgain();
    }
    Duration bar = mishap.costsTheLease ? lease.plus(SLACK) : SLACK;
    note(mishap, gap);
    Check.say(
        "round %d: %s of %s, %s holds it; nothing was acknowledged for %.2f s (bar %.0f s)",
        number, mishap.shown, shown(holder), shown(next), seconds(gap), seconds(bar));
    if (gap.compareTo(bar) > 0) {
      faults.add(
          "round %d, %s: nothing was acknowledged for %.2f s"
              .formatted(number, mishap.shown, seconds(gap)));
    }
  }

  private void note(Mishap mishap, Duration gap) {
    if (mishap.costsTheLease) {
      longestCrash = gap.compareTo(longestCrash) > 0 ? gap : longestCrash;
    } else {
      longestGraceful = gap.compareTo(longestGraceful) > 0 ? gap : longestGraceful;
    }
  }

  /** Each in turn is stopped in order and started again. */
  private void rollingRestart() throws IOException {
    Waiting.pause(BEFORE);
    long begun = System.nanoTime();
    for (StoreProcess replica : set.replicas()) {
      replica.terminate();
      replica.startAgain();
      Waiting.pause(SLACK);
    }
    Duration gap = longestGap(begun, System.nanoTime());
    note(Mishap.TERMINATE, gap);
    Check.say("rolling restart: nothing was acknowledged for %.2f s at most", seconds(gap));
    if (gap.compareTo(SLACK) > 0) {
      faults.add("rolling restart: nothing was acknowledged for %.2f s".formatted(seconds(gap)));
    }
  }

  private void end() throws IOException {
    Waiting.pause(BEFORE);
    writers.forEach(ReplicaWriter::stop);
    long last =
        writers.stream()
            .flatMap(writer -> writer.acknowledged().values().stream())
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
    long deadline = System.nanoTime() + lease.plusSeconds(30).toNanos();
    while (watchers.stream().anyMatch(each -> each.next() <= last)
        && System.nanoTime() < deadline) {
      Waiting.pause(Duration.ofMillis(50));
    }
    Waiting.pause(BEFORE);
    watchers.forEach(ReplicaWatcher::stop);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
    watchers.forEach(this::compare);
    agree();
  }

  /** Every acknowledged write is an event, and all watchers have seen the same. */
  private void compare(ReplicaWatcher watcher) {
    Map<Long, String> seen = watcher.seen();
    for (ReplicaWriter writer : writers) {
      writer
          .acknowledged()
          .forEach(
              (count, index) -> {
                String expected = writer.path() + "=" + count;
                if (!expected.equals(seen.get(index))) {
                  faults.add(
                      "a watcher has seen %s at %d, where %s was acknowledged"
                          .formatted(seen.get(index), index, expected));
                }
              });
    }
  }

  private void agree() throws IOException {
    ReplicaWatcher first = watchers.getFirst();
    for (ReplicaWatcher other : watchers) {
      if (!other.seen().equals(first.seen())) {
        faults.add("two watchers have seen different events");
      }
    }
    long ids =
        set.replicas().stream()
            .map(replica -> said(replica, "X-Etcd-Cluster-Id"))
            .distinct()
            .count();
    long members = set.replicas().stream().map(this::members).distinct().count();
    if (ids != 1 || members != 1) {
      faults.add("the replicas name %d clusters and %d member lists".formatted(ids, members));
    }
  }

  private String said(StoreProcess replica, String header) {
    try {
      return ReplicaSet.get(replica, "/v2/keys/").header(header).orElse("");
    } catch (IOException down) {
      return "none: " + down.getMessage();
    }
  }

  private String members(StoreProcess replica) {
    try {
      return ReplicaSet.get(replica, "/v2/members").body();
    } catch (IOException down) {
      return "none: " + down.getMessage();
    }
  }

  private Check.Verdict verdict() {
    long written = writers.stream().mapToLong(one -> one.acknowledged().size()).sum();
    long failed = writers.stream().mapToLong(ReplicaWriter::failed).sum();
    long moves = watchers.stream().mapToLong(ReplicaWatcher::moves).sum();
    Check.say(
        "%d writes acknowledged, %d requests without an answer, %d events each, %d moves of watchers",
        written, failed, watchers.getFirst().seen().size(), moves);
    faults.stream().limit(10).forEach(fault -> Check.say("  %s", fault));
    String figure =
        String.format(
            Locale.ROOT,
            "graceful %.2f s, crash %.2f s, %d faults",
            seconds(longestGraceful),
            seconds(longestCrash),
            faults.size());
    String bar = String.format(Locale.ROOT, "<= 1 s, <= %.0f s, 0", seconds(lease.plus(SLACK)));
    return new Check.Verdict(figure, bar, faults.isEmpty());
  }

  private StoreProcess awaitHolder(List<StoreProcess> asked) throws IOException {
    long deadline = System.nanoTime() + lease.plusSeconds(20).toNanos();
    while (System.nanoTime() < deadline) {
      Optional<StoreProcess> holder = set.holder(asked).filter(asked::contains);
      if (holder.isPresent()) {
        return holder.get();
      }
      Waiting.pause(Duration.ofMillis(20));
    }
    throw new IOException("no replica holds the lease");
  }

  /** The longest time between two acknowledgements, and from the last to {@code until}. */
  private Duration longestGap(long from, long until) {
    long previous = from;
    long longest = 0;
    for (long at : acknowledgements.stream().sorted().toList()) {
      if (at > from && at < until) {
        longest = Math.max(longest, at - previous);
        previous = at;
      }
    }
    return Duration.ofNanos(Math.max(longest, until - previous));
  }

  private static void signal(StoreProcess process, String name) throws IOException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.server().pid())).start();
  }

  private static String shown(StoreProcess process) {
    return StoreProcess.hostAndPort(process.address());
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
