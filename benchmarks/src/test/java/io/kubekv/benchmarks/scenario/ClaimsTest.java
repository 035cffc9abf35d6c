package io.kubekv.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.benchmarks.report.Measure;
import io.kubekv.benchmarks.report.Outline;
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
        .map(bar -> bar.measure().contestant())
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
        .allSatisfy(bar -> assertThat(plan).anyMatch(scenario -> has(scenario, bar.measure())));
  }

  @Test
  void whatTheFirstPagesState_isMeasuredByAFullRun() {
    List<Scenario> plan = new Plan(Size.FULL).scenarios();

    assertThat(Contents.outline().answers())
        .hasSize(5)
        .allSatisfy(
            answer -> assertThat(plan).anyMatch(scenario -> has(scenario, answer.measure())));
    assertThat(Contents.outline().plots())
        .hasSize(6)
        .allSatisfy(
            plot ->
                assertThat(plan).anyMatch(one -> one.chapter().scenario().equals(plot.scenario())));
  }

  @Test
  void theTable_hasEveryStoreBesideASecondEtcd() {
    for (Outline.Operation operation : Contents.outline().operations()) {
      Scenario measured =
          new Plan(Size.FULL)
              .scenarios().stream()
                  .filter(one -> one.chapter().scenario().equals(operation.scenario()))
                  .findFirst()
                  .orElseThrow();
      assertThat(measured.entrants().stream().map(Entrant::label))
          .containsExactlyInAnyOrder(
              "etcd-v2",
              "etcd-v2-again",
              "etcd-v3",
              "consul",
              "zookeeper",
              "kubekv-kube",
              "kubekv-etcd",
              "kubekv",
              "raw",
              "naive-kube");
    }
  }

  private static boolean has(Scenario scenario, Measure bar) {
    List<String> labels = scenario.entrants().stream().map(Entrant::label).toList();
    return scenario.chapter().scenario().equals(bar.scenario())
        && scenario.points().contains(bar.x())
        && labels.contains(bar.contestant())
        && bar.peer().map(labels::contains).orElse(true);
  }
}
