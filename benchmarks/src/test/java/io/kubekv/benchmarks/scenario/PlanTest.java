package io.kubekv.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How long, and by whom, what the report states is measured. */
class PlanTest {
  private static <S extends Scenario> Stream<S> full(Class<S> kind) {
    return new Plan(Size.FULL).scenarios().stream().filter(kind::isInstance).map(kind::cast);
  }

  @Test
  void full_measuresTenSecondsAfterForty() {
    assertThat(full(LoadScenario.class))
        .isNotEmpty()
        .allSatisfy(
            load -> {
              assertThat(load.slice()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
              assertThat(load.warmUp()).isGreaterThanOrEqualTo(Duration.ofSeconds(40));
              assertThat(load.rounds()).isGreaterThanOrEqualTo(5);
            });
  }

  @Test
  void full_hearsAHeartbeatOfEveryEngine() {
    Duration heartbeat = Duration.ofSeconds(20);

    assertThat(full(DockerScenario.class))
        .isNotEmpty()
        .allSatisfy(docker -> assertThat(docker.slice()).isGreaterThan(heartbeat));
    assertThat(full(MostHostsScenario.class))
        .isNotEmpty()
        .allSatisfy(most -> assertThat(most.slice()).isGreaterThan(heartbeat));
  }

  @Test
  void full_hasOneAndSixtyFourAndManyClients() {
    assertThat(
            new Plan(Size.FULL)
                .scenarios().stream()
                    .filter(one -> one.chapter().scenario().startsWith("clients-")))
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.points()).contains(1.0, 64.0, 256.0));
  }

  @Test
  void full_asksTheNaiveStoreOnAKubeApiserver() {
    assertThat(new Plan(Size.FULL).scenarios())
        .allSatisfy(one -> assertThat(one.entrants()).doesNotContain(Entrant.NAIVE))
        .anySatisfy(one -> assertThat(one.entrants()).contains(Entrant.NAIVE_KUBE));
  }

  @Test
  void mostHosts_isFoundToATwentieth() {
    for (int truth : new int[] {20, 23, 100, 333, 1499}) {
      assertThat(MostHostsScenario.most(hosts -> hosts <= truth))
          .isLessThanOrEqualTo(truth)
          .isGreaterThanOrEqualTo((int) (truth / 1.05) - 1);
    }
    assertThat(List.of(MostHostsScenario.most(hosts -> false), MostHostsScenario.most(h -> true)))
        .allSatisfy(most -> assertThat(most == 0 || most >= 1428 && most <= 1500).isTrue());
  }

  @Test
  void aName_choosesThatScenarioAlone_orAllThatHaveItInTheirs() {
    List<Scenario> all = new Plan(Size.FULL).scenarios();

    assertThat(names(Report.chosen(all, List.of("clients-get", "lock"))))
        .containsExactly("clients-get", "lock");
    assertThat(names(Report.chosen(all, List.of("values-"))))
        .containsExactly("values-get", "values-put");
    assertThat(Report.chosen(all, List.of(""))).isEqualTo(all);
    assertThatThrownBy(() -> Report.chosen(all, List.of("lock", "values_get")))
        .hasMessageStartingWith(
            "--only: no scenario is called 'values_get'; there are clients-get,");
  }

  private static Stream<String> names(List<Scenario> scenarios) {
    return scenarios.stream().map(one -> one.chapter().scenario());
  }
}
