package io.kubekv.e2e.faults;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.Repository;
import io.kubekv.e2e.faults.agent.Mistake;
import io.kubekv.e2e.faults.check.Violation;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.nemesis.Cluster;
import io.kubekv.e2e.faults.nemesis.Scenario;
import io.kubekv.e2e.faults.nemesis.Substrate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code e2e/run fault-controls}: every scenario on the product as it is, and then on replicas with
 * a deliberate mistake the one that this mistake does not survive.
 */
final class FaultControlsCheck {
  private static final int REPLICAS = 2;

  /** A call must outlast a take-over, and its outcome must be there soon after. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(12);

  private FaultControlsCheck() {}

  public static void main(String[] arguments) {
    Check.run("fault-controls", arguments, FaultControlsCheck::run);
  }

  private static Check.Verdict run(Arguments arguments) throws IOException {
    arguments.flag("--quick"); // it has one form only
    Optional<String> only = arguments.option("--scenario");
    String substrate = arguments.option("--on").orElse("embedded");
    arguments.end();
    List<Scenario> scenarios =
        Arrays.stream(Scenario.values())
            .filter(scenario -> only.isEmpty() || only.get().equals(name(scenario)))
            .toList();
    List<Mistake> mistakes =
        Arrays.stream(Mistake.values())
            .filter(mistake -> scenarios.contains(fatalTo(mistake)))
            .toList();
    int violations;
    int caught = 0;
    try (Substrate place = Substrate.named(substrate)) {
      violations = playAll(place, scenarios);
      try (Cluster cluster = place.cluster("mistaken", REPLICAS, true, REQUEST_TIMEOUT)) {
        for (Mistake mistake : mistakes) {
          caught += isCaught(cluster, mistake) ? 1 : 0;
        }
      }
    }
    return new Check.Verdict(
        "%d scenarios with %d violations, %d of %d mistakes caught"
            .formatted(scenarios.size(), violations, caught, mistakes.size()),
        "0 violations, all mistakes",
        violations == 0 && caught == mistakes.size());
  }

  private static int playAll(Substrate place, List<Scenario> scenarios) throws IOException {
    int violations = 0;
    try (Cluster cluster = place.cluster("as-it-is", REPLICAS, false, REQUEST_TIMEOUT)) {
      for (Scenario scenario : scenarios) {
        long begun = System.nanoTime();
        Scenario.Performance seen = scenario.play(cluster, name(scenario));
        List<Violation> found = new ArrayList<>(seen.unmet());
        found.addAll(Verdicts.of(seen.history(), false));
        say(name(scenario), found.isEmpty() ? "as it should be" : "BROKEN", seen.history(), begun);
        if (!found.isEmpty()) {
          String folder = "e2e/target/faults/" + name(scenario);
          Verdicts.report(seen.history(), found, Repository.root().resolve(folder));
        }
        violations += found.size();
      }
    }
    return violations;
  }

  private static void say(String what, String outcome, History history, long begun) {
    Check.say(
        "  %-24s %s: %d lines in %.1f s",
        what, outcome, history.size(), (System.nanoTime() - begun) / 1e9);
  }

  private static boolean isCaught(Cluster cluster, Mistake mistake) throws IOException {
    Scenario scenario = fatalTo(mistake);
    String play = mistake.argument() + "-" + name(scenario);
    long begun = System.nanoTime();
    cluster.make(Optional.of(mistake));
    Scenario.Performance seen = scenario.play(cluster, play);
    cluster.make(Optional.empty());
    List<Violation> found = new ArrayList<>(Verdicts.of(seen.history(), false));
    if (mistake == Mistake.UNFENCED_APPEND) {
      found.addAll(seen.unmet()); // no client sees a wrong answer: the log cannot be read any more
    }
    String outcome = found.isEmpty() ? "NOT CAUGHT" : "caught, " + found.getFirst().words();
    say(mistake.argument() + " in " + name(scenario), outcome, seen.history(), begun);
    if (found.isEmpty()) {
      String folder = "e2e/target/faults/" + play;
      Verdicts.report(seen.history(), seen.unmet(), Repository.root().resolve(folder));
    }
    return !found.isEmpty();
  }

  private static Scenario fatalTo(Mistake mistake) {
    return switch (mistake) {
      case STALE_READS -> Scenario.DEPOSED_READ;
      case UNCHECKED_LEASE -> Scenario.DEPOSED_READ;
      case DIRTY_READS -> Scenario.HELD_PUT;
      case ACKNOWLEDGED_BY_ANSWER -> Scenario.QUIET_WATCH;
      case OVERTAKEN_IS_DONE -> Scenario.HELD_PUT;
      case UNFENCED_APPEND -> Scenario.RESTARTED;
      case EVENT_LEFT_OUT -> Scenario.FORGOTTEN;
      case EVENT_TWICE -> Scenario.LOST_ANSWERS;
      case BLIND_EXPIRY -> Scenario.REFRESH_IN_TIME;
      case LOCK_WITHOUT_SESSION -> Scenario.ENDED_SESSION;
      case EPHEMERAL_GONE_EARLY, EPHEMERAL_ORPHANED -> Scenario.QUIET_SESSION;
      case READ_OF_THE_PAST -> Scenario.SYNCED_READ;
    };
  }

  private static String name(Scenario scenario) {
    return scenario.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
