package io.kubekv.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
            line -> line.matches("  PUT of keys +105/s +.*= puts 100/s \\+ deletes 5/s.*\\[1]"))
        .anyMatch(line -> line.matches("  growth between compactions .* MiB .*/s x 300 s .*"))
        .anyMatch(line -> line.startsWith("[1] a delete is a put"));
  }

  @Test
  void json_isALineForEachFigure() {
    ServerUnderTest.Ran ran = run("cost", "--replicas", "2", "-o", "json");

    JsonNode first = Json.MAPPER.readTree(ran.lines().getFirst());
    assertThat(first.get("name").asString()).isEqualTo("api.update");
    assertThat(first.get("value").asDouble()).isEqualTo(10);
    assertThat(first.get("unit").asString()).isEqualTo("1/s");
    assertThat(first.get("formula").asString()).isEqualTo("puts 10/s + deletes 0/s");
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
  void wrongWorkload_isWrongUsageAndNamesTheField() {
    assertThat(run("cost", "--replicas", "0").exitCode()).isEqualTo(2);
    assertThat(run("cost", "--replicas", "0").err()).contains("replicas");
    assertThat(run("cost", "--value", "much").exitCode()).isEqualTo(2);
  }
}
