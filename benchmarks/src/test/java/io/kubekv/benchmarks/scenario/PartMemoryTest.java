package io.kubekv.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.benchmarks.report.Figure;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PartMemoryTest {
  private static Process start() throws IOException, URISyntaxException {
    Path classes =
        Path.of(Grower.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(), "-Xmx256m", "-cp", classes.toString(), Grower.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** A process that has grown once takes what comes next without growing. */
  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void growth_isWhatLives_alsoInAProcessThatHasGrownBefore() throws Exception {
    Process process = start();
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      List<ServerPart> parts =
          List.of(ServerPart.of("kubekv", process.pid()), ServerPart.of("etcd", process.pid()));
      assertThat(said.readLine()).isEqualTo("has grown");
      PartMemory before = PartMemory.of(parts);
      process.getOutputStream().write('1');
      process.getOutputStream().flush();
      assertThat(said.readLine()).startsWith("keeps");

      Map<String, Double> each = PartMemory.of(parts).since(before, Grower.MEBIBYTES);

      // of a program that is not in Java nothing is said
      assertThat(each).containsOnlyKeys(Figure.MEMORY + "kubekv", Figure.total(Figure.MEMORY));
      assertThat(each.get(Figure.MEMORY + "kubekv")).isBetween(1000.0, 1100.0);
    } finally {
      process.destroyForcibly();
    }
  }
}
