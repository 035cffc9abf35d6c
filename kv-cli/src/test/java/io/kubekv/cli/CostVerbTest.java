package io.kubekv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.cli.terminal.Json;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CostVerbTest {
  private static ServerUnderTest.Ran run(String... args) {
    return ServerUnderTest.run(Map.of(), new ByteArrayOutputStream(), new byte[0], args);
  }

  @Test
  void cost_showsFormulasBesideTheNumbersAndAssumptionsBelow() {
    ServerUnderTest.Ran ran = run("cost", "--rate", "100", "--value", "1KiB", "--deletes", "5");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.lines())
        .anyMatch(
            line ->
                line.matches("  bytes of entries +.* KiB/s +.*= puts 100/s x 1095 B \\+ .*\\[1]"))
        .anyMatch(line -> line.matches("  growth between compactions .* MiB .*/s x 300 s .*"))
        .anyMatch(line -> line.startsWith("[1] before base64"));
  }

  @Test
  void assumption_ofSeveralNumbers_isSaidOnce() {
    ServerUnderTest.Ran ran = run("cost");

    assertThat(ran.lines().stream().filter(line -> line.startsWith("[")))
        .isNotEmpty()
        .extracting(line -> line.substring(line.indexOf(']')))
        .doesNotHaveDuplicates();
  }

  @Test
  void json_isALineForEachFigure() {
    ServerUnderTest.Ran ran = run("cost", "--replicas", "2", "-o", "json");

    JsonNode first = Json.MAPPER.readTree(ran.lines().getFirst());
    assertThat(first.get("name").asString()).isEqualTo("log.bytes");
    assertThat(first.get("value").asDouble()).isBetween(2_700.0, 3_100.0);
    assertThat(first.get("unit").asString()).isEqualTo("B/s");
    assertThat(first.get("formula").asString()).startsWith("puts 10/s x 27");
    assertThat(ran.lines()).anyMatch(line -> line.contains("\"watch.streams\",\"group\""));
  }

  @Test
  void value_isNamesAndPlainNumbers() {
    ServerUnderTest.Ran ran =
        run("cost", "--keys", "200000", "--lease-duration", "3s", "-o", "value");

    assertThat(ran.lines()).contains("api.lease.update 1", "limits.keys 0.2");
    assertThat(ran.out()).doesNotContain("E");
  }

  @Test
  void workloadBeyondALimit_isSaidBesideTheFigures() {
    ServerUnderTest.Ran ran = run("cost", "--value", "10MiB", "--keys", "2000000", "-o", "value");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.err().lines())
        .contains(
            "kubekv: beyond a limit: 200 % of kubekv's 1,000,000 keys",
            "kubekv: beyond a limit: 1000 % of kubekv's largest value, 1 MiB");
    assertThat(run("cost").err()).isEmpty();
  }

  @Test
  void wrongWorkload_isWrongUsageAndNamesTheField() {
    assertThat(run("cost", "--replicas", "0").exitCode()).isEqualTo(2);
    assertThat(run("cost", "--replicas", "0").err()).contains("replicas");
    assertThat(run("cost", "--value", "much").exitCode()).isEqualTo(2);
  }
}
