package io.kubekv.benchmarks.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report that others cite is made of the results beside it, and of nothing else. */
class CheckedInReportTest {
  private static final Path REPORT = Path.of("REPORT.md");

  @TempDir Path folder;

  @Test
  void everyWordAndNumber_isWhatTheResultsGive() throws IOException {
    Files.copy(Path.of("results.jsonl"), folder.resolve("results.jsonl"));

    Report.render(folder);

    assertThat(folder.resolve("REPORT.md"))
        .as("after a change of its text: benchmarks/run report --render benchmarks")
        .hasSameTextualContentAs(REPORT);
  }

  @Test
  void itsPlots_areThere() throws IOException {
    assertThat(
            Pattern.compile("\\]\\((plots/[^)]+)\\)")
                .matcher(Files.readString(REPORT))
                .results()
                .map(MatchResult::group)
                .map(shown -> shown.substring(2, shown.length() - 1)))
        .isNotEmpty()
        .allSatisfy(plot -> assertThat(Path.of(plot)).exists());
  }
}
