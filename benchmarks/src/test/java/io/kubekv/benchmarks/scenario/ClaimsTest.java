package io.kubekv.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.benchmarks.report.Claim;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the report's verdicts are about. */
class ClaimsTest {
  private static Set<String> judged(String topic) {
    return Claims.all().stream()
        .filter(claim -> claim.topic().equals(topic))
        .flatMap(claim -> claim.bars().stream())
        .map(Claim.Bar::contestant)
        .collect(Collectors.toSet());
  }

  @Test
  void verdicts_areAboutARealClusterAndTheEmbeddedServer() {
    assertThat(judged("Performance")).containsExactlyInAnyOrder("kubekv", "kubekv-kube");
    assertThat(judged("Scalability")).containsExactlyInAnyOrder("kubekv", "kubekv-kube");
  }

  @Test
  void theStoreWithoutACache_isJudgedOnARealCluster() {
    assertThat(judged("Performance, without a cache")).containsExactly("naive-kube");
  }

  @Test
  void whatIsJudged_isMeasuredByAFullRun() {
    List<Scenario> plan = new Plan(Size.FULL).scenarios();

    assertThat(Claims.all().stream().flatMap(claim -> claim.bars().stream()))
        .isNotEmpty()
        .allSatisfy(bar -> assertThat(plan).anyMatch(scenario -> has(scenario, bar)));
  }

  private static boolean has(Scenario scenario, Claim.Bar bar) {
    List<String> labels = scenario.entrants().stream().map(Entrant::label).toList();
    return scenario.chapter().scenario().equals(bar.scenario())
        && scenario.points().contains(bar.x())
        && labels.contains(bar.contestant())
        && bar.peer().map(labels::contains).orElse(true);
  }
}
