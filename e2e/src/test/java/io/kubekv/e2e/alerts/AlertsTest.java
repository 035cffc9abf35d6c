package io.kubekv.e2e.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The troubles beside the chart's alerts. */
class AlertsTest {
  private static final String ROOT = "kubekv.repository";

  @BeforeAll
  static void repository() {
    System.setProperty(ROOT, Path.of("..").toAbsolutePath().normalize().toString());
  }

  @AfterAll
  static void forget() {
    System.clearProperty(ROOT);
  }

  @Test
  void groups_provokeEveryAlertOfTheChart_once_andNoOther() throws IOException {
    List<String> provoked =
        AlertsCheck.groups().stream().flatMap(group -> group.alerts().stream()).toList();

    assertThat(provoked).containsExactlyInAnyOrderElementsOf(Rules.names());
  }

  @Test
  void rules_areTheChartsWithItsValues_andFireAtOnce() throws IOException {
    String rules = new Rules("shop", 3, 7).file();

    assertThat(rules)
        .startsWith("groups:\n")
        .contains("- name: shop\n")
        .contains("sum(kubekv_store_ready{namespace=\"shop\",service=\"kubekv-ops\"}) == 0")
        .contains("> 0.9 * 7\n")
        .contains("< 3\n")
        .contains("runbook_url: RUNBOOK.md#kubekvnobodyanswers\n")
        .doesNotContain("{{", "for: ");
  }
}
