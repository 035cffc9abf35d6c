package io.kubekv.e2e.faults;

import io.kubekv.e2e.Arguments;
import io.kubekv.e2e.Check;
import io.kubekv.e2e.Repository;
import io.kubekv.e2e.faults.agent.Mistake;
import io.kubekv.e2e.faults.check.Violation;
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
      for (Mistake mistake : mistakes) {
        caught += isCaught(place, mistake) ? 1 : 0;
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
    try (Cluster cluster = place.cluster("as-it-is", REPLICAS, "", REQUEST_TIMEOUT)) {
      for (Scenario scenario : scenarios) {
        Check.say("%s", name(scenario));
        Scenario.Performance seen = scenario.play(cluster);
        List<Violation> found = new ArrayList<>(seen.unmet());
        found.addAll(Verdicts.of(seen.history()));
        if (!found.isEmpty()) {
          String folder = "e2e/target/faults/" + name(scenario);
          Verdicts.report(seen.history(), found, Repository.root().resolve(folder));
        }
        violations += found.size();
      }
    }
    return violations;
  }

  private static boolean isCaught(Substrate place, Mistake mistake) throws IOException {
    Scenario scenario = fatalTo(mistake);
    Check.say("%s, with the mistake %s", name(scenario), mistake.argument());
    try (Cluster cluster =
        place.cluster(mistake.argument(), REPLICAS, mistake.argument(), REQUEST_TIMEOUT)) {
      Scenario.Performance seen = scenario.play(cluster);
      List<Violation> found = Verdicts.of(seen.history());
      found.stream().limit(1).forEach(each -> Check.say("  caught: %s", each.words()));
      if (found.isEmpty()) {
        String folder = "e2e/target/faults/" + mistake.argument();
        Verdicts.report(seen.history(), seen.unmet(), Repository.root().resolve(folder));
      }
      return !found.isEmpty();
    }
  }

  private static Scenario fatalTo(Mistake mistake) {
    return switch (mistake) {
      case STALE_READS -> Scenario.DEPOSED_READ;
      case UNCHECKED_LEASE -> Scenario.UNSEEN_PUT;
      case SKIPPING_WATCH -> Scenario.FORGOTTEN;
      case BLIND_EXPIRY -> Scenario.LATE_EXPIRY;
      case LOCK_WITHOUT_SESSION -> Scenario.ENDED_SESSION;
    };
  }

  private static String name(Scenario scenario) {
    return scenario.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
