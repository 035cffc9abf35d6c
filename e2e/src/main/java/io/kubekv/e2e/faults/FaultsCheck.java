package io.kubekv.e2e.faults;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.Repository;
import io.kubekv.e2e.faults.check.Violation;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.ListSeen;
import io.kubekv.e2e.faults.history.LockCall;
import io.kubekv.e2e.faults.history.MortalCall;
import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.WatchSeen;
import io.kubekv.e2e.faults.load.Load;
import io.kubekv.e2e.faults.nemesis.Cluster;
import io.kubekv.e2e.faults.nemesis.Nemesis;
import io.kubekv.e2e.faults.nemesis.Substrate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code e2e/run faults}: see e2e/DESIGN.md. */
final class FaultsCheck {
  private static final Duration QUICK = Duration.ofSeconds(75);
  private static final int MINUTES = 30;

  /** Of each client between two calls, on average. */
  private static final int PAUSE_MILLIS = 10;

  /** What is asked of a run of {@link #MINUTES}. */
  private static final int OPERATIONS = 200_000;

  private static final int FAULTS = 100;

  /** Of versions that clients of ZooKeeper's protocol were told, with those before. */
  private static final int COMPARISONS = 5_000;

  /** Of the operations, those whose outcome is known: this share. */
  private static final double ANSWERED = 0.1;

  /** Snapshots are rare: a shorter run may meet none, and says so. */
  private static final Duration HAS_SNAPSHOTS = Duration.ofMinutes(5);

  /**
   * Of what that is in proportion, a shorter run must do this share: it may be on a busy machine.
   */
  private static final double SHORT_SHARE = 0.2;

  /** Sessions live for twice their time to live; the rest is for finding out that they are over. */
  private static final Duration LOCKS_FREE = Duration.ofSeconds(15);

  private FaultsCheck() {}

  public static void main(String[] arguments) {
    Check.run("faults", arguments, FaultsCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    Optional<String> saved = arguments.option("--history");
    if (saved.isPresent()) {
      arguments.end();
      return checkAgain(Path.of(saved.get()));
    }
    boolean quick = arguments.flag("--quick");
    Duration time = Duration.ofMinutes(arguments.count("--minutes", MINUTES));
    int seed = arguments.count("--seed", (int) (System.currentTimeMillis() % 10_000_000) + 1);
    int replicas = arguments.count("--replicas", 3);
    int pause = arguments.count("--pause", PAUSE_MILLIS);
    String substrate = arguments.option("--on").orElse("embedded");
    arguments.end();
    if (quick) {
      time = QUICK;
    }
    Check.say("%d s, %d replicas on %s, --seed %d", time.toSeconds(), replicas, substrate, seed);
    Nemesis.leftOut().ifPresent(Check::say);
    History history = new History();
    List<Violation> violations = new ArrayList<>();
    int faults;
    int comparisons;
    Map<String, Integer> struck;
    try (Substrate place = Substrate.named(substrate);
        Cluster cluster = place.cluster("faults", replicas, false, Duration.ofSeconds(3))) {
      Load load = new Load(cluster.endpoints(), history, seed, pause);
      load.start();
      Nemesis nemesis = new Nemesis(cluster, history, seed);
      nemesis.run(time);
      load.endCalls();
      load.settle().forEach(late -> violations.add(late("a watch goes on", late)));
      load.deadLocks(LOCKS_FREE)
          .forEach(dead -> violations.add(late("a lock gets free when its holder dies", dead)));
      load.orphans(LOCKS_FREE)
          .forEach(left -> violations.add(late("nothing is left without an owner", left)));
      comparisons = load.comparisons();
      faults = nemesis.counts().values().stream().mapToInt(Integer::intValue).sum();
      struck = nemesis.struck();
      new TreeMap<>(nemesis.counts())
          .forEach((kind, n) -> Check.say("  %-20s %d%s", kind, n, requests(struck, kind)));
    }
    Check.say("checking %d lines", history.size());
    violations.addAll(Verdicts.of(history, true));
    Counts counts = print(history, comparisons);
    if (!violations.isEmpty()) {
      Path folder = Repository.root().resolve("e2e/target/faults/" + substrate + "-" + seed);
      Verdicts.report(history, violations, folder);
    }
    List<String> spared = spared(struck, time);
    spared.forEach(kind -> Check.say("%s has met no request: nothing is shown about it", kind));
    return verdict(time, counts, faults, violations.size(), spared.isEmpty());
  }

  private static String requests(Map<String, Integer> struck, String kind) {
    return struck.containsKey(kind) ? " (%d requests)".formatted(struck.get(kind)) : "";
  }

  /** The kinds of faults that have befallen no request, though there must have been some. */
  private static List<String> spared(Map<String, Integer> struck, Duration time) {
    return struck.entrySet().stream()
        .filter(each -> each.getValue() == 0)
        .map(Map.Entry::getKey)
        .filter(kind -> !kind.equals(Nemesis.SNAPSHOTS) || time.compareTo(HAS_SNAPSHOTS) >= 0)
        .toList();
  }

  /**
   * What was checked.
   *
   * @param operations that may have done something
   * @param answered those whose outcome is known
   * @param comparisons of what ZooKeeper's sessions were told in a row
   */
  record Counts(int operations, int answered, int comparisons) {}

  /** Checks a history that an earlier run saved. */
  private static Check.Verdict checkAgain(Path saved) throws IOException {
    History history = History.read(saved);
    List<Violation> violations = Verdicts.of(history, true);
    int checked = print(history, 0).operations();
    if (!violations.isEmpty()) {
      Verdicts.report(history, violations, Repository.root().resolve("e2e/target/faults/again"));
    }
    String figure = "%d operations, %d violations".formatted(checked, violations.size());
    return new Check.Verdict(figure, "0 violations", violations.isEmpty());
  }

  private static Violation late(String promise, String subject) {
    return new Violation(promise, subject, "did not in time, with nothing broken", List.of());
  }

  private static Counts print(History history, int comparisons) {
    List<Operation> operations = history.all(Operation.class);
    int lists = history.all(ListSeen.class).size();
    int locks = history.all(LockCall.class).size();
    int mortals = history.all(MortalCall.class).size();
    int events = history.all(WatchSeen.class).size();
    for (Result result : Result.values()) {
      long count = operations.stream().filter(each -> each.result() == result).count();
      Check.say("  %-10s %d calls on keys", result, count);
    }
    Check.say("  %s", UnknownWrites.of(operations));
    Check.say(
        "  %d lists, %d calls on locks, %d on keys that expire; %d watch events",
        lists, locks, mortals, events);
    long tried = operations.stream().filter(each -> each.result() != Result.FAILED).count();
    long answered = operations.stream().filter(Operation::isDefinite).count();
    return new Counts(
        Math.toIntExact(tried + lists + locks + mortals),
        Math.toIntExact(answered + lists),
        comparisons);
  }

  static Check.Verdict verdict(
      Duration time, Counts counts, int faults, int violations, boolean allStruck) {
    double part = time.toSeconds() / 60.0 / MINUTES;
    double share = part < 1 ? part * SHORT_SHARE : 1;
    int operations = (int) (OPERATIONS * share);
    int answered = (int) (operations * ANSWERED);
    int comparisons = (int) Math.ceil(COMPARISONS * share);
    int enough = (int) Math.ceil(FAULTS * share);
    return new Check.Verdict(
        "%d operations, %d of them on keys and answered, %d compared, %d faults, %d violations"
            .formatted(
                counts.operations(), counts.answered(), counts.comparisons(), faults, violations),
        ">= %d operations, >= %d answered, >= %d compared, >= %d faults, 0 violations"
            .formatted(operations, answered, comparisons, enough),
        violations == 0
            && counts.operations() >= operations
            && counts.answered() >= answered
            && counts.comparisons() >= comparisons
            && faults >= enough
            && allStruck);
  }
}
