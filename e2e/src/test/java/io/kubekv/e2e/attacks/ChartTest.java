package io.kubekv.e2e.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The attacked servers beside the chart's. */
class ChartTest {
  private static final String ROOT = "kubekv.repository";
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  @BeforeAll
  static void repository() {
    System.setProperty(ROOT, REPOSITORY.toString());
  }

  @AfterAll
  static void forget() {
    System.clearProperty(ROOT);
  }

  @Test
  void options_areTheTemplatesWithTheChartsValues() throws IOException {
    assertThat(Chart.options())
        .contains(
            "--client-qps=" + Chart.value("clients.requestsPerSecond"),
            "--client-bytes-per-second=" + Chart.value("clients.bytesPerSecond"),
            "--max-list-bytes=" + Chart.value("clients.maxListBytes"),
            "--request-timeout=" + Chart.value("store.requestTimeout"))
        .allMatch(option -> option.matches("--[a-z-]+=[0-9]+[A-Za-z]*"));
    assertThat(Chart.value("store.historyBytes")).as("the share of the heap").isEmpty();
  }

  @Test
  void heap_isWhatTheImageGivesTheChartsContainer() throws IOException {
    assertThat(Chart.value("resources.limits.memory")).isEqualTo("1Gi");
    assertThat(Chart.MEMORY).isEqualTo(1L << 30);
    assertThat(Files.readString(REPOSITORY.resolve("kv-server/src/main/image/stage")))
        .contains("-XX:MaxRAMPercentage=60");
    assertThat(Files.readString(REPOSITORY.resolve("e2e/attacks")))
        .contains("heap=" + Chart.MEMORY * 60 / 100 / (1 << 20) + "m");
  }
}
