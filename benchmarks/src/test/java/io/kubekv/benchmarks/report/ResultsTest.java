package io.kubekv.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir Path folder;
  private Path file;
  private Results results;

  @BeforeEach
  void begin() throws IOException {
    file = folder.resolve("new/results.jsonl");
    results = Results.create(file, Map.of("seed", "7"));
  }

  private void add(String contestant, double x, int round, double value) throws IOException {
    results.add(Sample.of(new Sample.Cell("get", contestant, x, round), Map.of(Figure.P50, value)));
  }

  @Test
  void read_givesWhatWasAdded() throws IOException {
    add("a", 1, 0, 2.5);
    results.add(Sample.failed(new Sample.Cell("get", "b", 64, 1), "it went away"));

    Results read = Results.read(file);

    assertThat(read.samples()).isEqualTo(results.samples()).hasSize(2);
    assertThat(read.about()).containsEntry("seed", "7");
    assertThat(read.has(new Sample.Cell("get", "b", 64, 1))).isTrue();
    assertThat(read.has(new Sample.Cell("get", "b", 64, 2))).isFalse();
  }

  @Test
  void read_takesOutALineThatWasCutOff() throws IOException {
    add("a", 1, 0, 2.5);
    Files.writeString(file, "{\"scenario\":\"ge", StandardOpenOption.APPEND);

    Results read = Results.read(file);
    read.add(Sample.of(new Sample.Cell("get", "a", 1, 1), Map.of(Figure.P50, 3.0)));

    assertThat(Results.read(file).values("get", "a", 1, Figure.P50)).containsExactly(2.5, 3.0);
  }

  @Test
  void ratios_areWithinARound() throws IOException {
    add("a", 1, 0, 2);
    add("b", 1, 0, 4);
    add("b", 1, 1, 9);
    add("a", 1, 1, 3);
    add("a", 1, 2, 100);
    add("b", 8, 0, 1000);

    assertThat(results.ratios("get", "b", "a", 1, Figure.P50)).containsExactly(2.0, 3.0);
  }

  @Test
  void points_grow() throws IOException {
    add("a", 64, 0, 1);
    add("b", 1, 0, 1);
    add("a", 8, 0, 1);

    assertThat(results.points("get")).containsExactly(1.0, 8.0, 64.0);
    assertThat(results.contestants("get")).containsExactly("a", "b");
  }
}
