package io.kubekv.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPagesTest {
  private static final Chapter CHAPTER =
      new Chapter(
          "get",
          "Reads <of keys>",
          "Closed loop.",
          "clients",
          "etcd",
          List.of(
              new Chapter.Plot("Throughput", Figure.PER_SECOND, "per second", Chapter.Kind.LINES),
              new Chapter.Plot("Bars", Figure.PER_SECOND, "per second", Chapter.Kind.BARS),
              new Chapter.Plot("Cost", Figure.CPU, "µs", Chapter.Kind.PARTS),
              new Chapter.Plot("Nothing", "no_such", "", Chapter.Kind.LINES)));
  private static final Claim CLAIM =
      new Claim(
          "Performance",
          "too slow",
          List.of(
              new Claim.Bar("GET", beside("get"), Target.GET_64),
              new Claim.Bar("PUT", beside("put"), Target.PUT_64),
              new Claim.Bar(
                  "slow",
                  Measure.value("get", "kubekv", 1, "cpu_us.client+cpu_us.kubekv"),
                  Target.PUT_MICROS)),
          "An index.");

  private static final Outline OUTLINE =
      new Outline(
          List.of(
              new Outline.Answer("Reads", "it has", beside("get"), "times as many."),
              new Outline.Answer("Writes", "it has", beside("put"), "times as many.")),
          Map.of("etcd", "the peer"),
          List.of(new Outline.Operation("GET", "get")),
          List.of(1.0, 64.0),
          List.of("kubekv", "naive"),
          "etcd",
          "again",
          List.of(CLAIM),
          List.of(
              new Outline.Highlight("All reads", "get", CHAPTER.plots().getFirst()),
              new Outline.Highlight("All writes", "put", CHAPTER.plots().getFirst())));

  private static Measure beside(String scenario) {
    return Measure.ratio(scenario, "kubekv", "etcd", 64, Figure.PER_SECOND);
  }

  @TempDir Path folder;

  private Results results() throws IOException {
    Results results = Results.create(folder.resolve("results.jsonl"), Map.of("system", "Linux"));
    for (int round = 0; round < 3; round++) {
      for (double x : new double[] {1, 64}) {
        results.add(sample("etcd", x, round, 1000 * x));
        results.add(sample("kubekv", x, round, 2500 * x + round));
      }
    }
    results.add(Sample.failed(new Sample.Cell("get", "naive", 64, 0), "it <ended>"));
    return results;
  }

  private static Sample sample(String contestant, double x, int round, double perSecond) {
    return Sample.of(
        new Sample.Cell("get", contestant, x, round),
        Map.of(
            Figure.PER_SECOND,
            perSecond,
            Figure.CPU + "client",
            20.0,
            Figure.CPU + contestant,
            30.0,
            Figure.total(Figure.CPU),
            30.0));
  }

  @Test
  void html_isOnePageWithItsPlots() throws IOException {
    new ReportPages(results(), List.of(CHAPTER), OUTLINE).write(folder);

    String html = Files.readString(folder.resolve("report.html"));
    assertThat(html)
        .contains("Reads &lt;of keys&gt;", "it &lt;ended&gt;", "Linux")
        .contains("1 of 2 targets met, 1 not measured.")
        .containsPattern(
            "Median \\(per second\\) at 64 clients: etcd 64,000; kubekv 160,00[0-9] "
                + "\\(2.50 x etcd, 2.50 to 2.50\\)")
        .doesNotContain("src=\"plots", "href=", "Nothing.</strong>");
    assertThat(html.split("src=\"data:image/png;base64,iVBORw0K", -1)).hasSize(5);
  }

  @Test
  void firstPages_haveTheAnswersTheTableTheLossesAndTheNoise() throws IOException {
    Results results = results();
    for (int round = 0; round < 3; round++) {
      results.add(sample("again", 64, round, 64_000 + 640 * round));
      results.add(sample("naive", 1, round, 500));
    }

    new ReportPages(results, List.of(CHAPTER), OUTLINE).write(folder);

    assertThat(Files.readString(folder.resolve("REPORT.md")))
        .contains("* **Reads**: it has **2.50 (2.50 to 2.50)** times as many.")
        .contains("* **Writes**: it has **(not measured)** times as many.")
        .contains("| 1 client: p50, ms | 1 client: p99, ms | 1 client: operations/s |")
        .contains("| GET | etcd | not measured | not measured | 1,000 | 30.0 | not measured |")
        .contains("| etcd | the peer |")
        .contains("| GET | 1 | naive | operations/s | 0.500 (0.500 to 0.500) |")
        .contains("| GET | 64 | operations/s | 1.01 (1.00 to 1.02) |")
        .contains("![All reads](plots/main-1.png)")
        .contains("Not measured in this run: All writes.\n\n## 5.")
        .contains("```sh\nbenchmarks/run --full\n```\n")
        .doesNotContain("| GET | 1 | kubekv | operations/s |");
    assertThat(folder.resolve("plots/main-1.png")).exists();
    assertThat(Files.readAllLines(folder.resolve("REPORT.md")))
        .filteredOn(line -> !line.startsWith("|"))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(140));
  }

  @Test
  void whoCannotBearALoad_fails_andWhosePeerCannotDoesNot() throws IOException {
    Results results = Results.create(folder.resolve("failed.jsonl"), Map.of());
    results.add(Sample.failed(new Sample.Cell("get", "kubekv", 64, 0), "it ended"));
    results.add(Sample.failed(new Sample.Cell("put", "etcd", 64, 0), "it ended"));
    results.add(Sample.of(new Sample.Cell("put", "kubekv", 64, 0), Map.of(Figure.PER_SECOND, 1.0)));

    new ReportPages(results, List.of(CHAPTER), OUTLINE).write(folder);

    assertThat(Files.readString(folder.resolve("REPORT.md")))
        .contains("| GET | kubekv | failed | ≥ 2 | 2026-11-28 | FAIL |")
        .contains("| PUT | kubekv |  | ≥ 1 | 2026-12-01 | not measured |")
        .contains("* **Reads**: it has **failed** times as many.");
  }

  @Test
  void plotsOfAnEarlierRun_areGone() throws IOException {
    Files.createDirectories(folder.resolve("plots"));
    Files.writeString(folder.resolve("plots/old-1.png"), "old");

    new ReportPages(results(), List.of(CHAPTER), OUTLINE).write(folder);

    assertThat(folder.resolve("plots/old-1.png")).doesNotExist();
  }

  @Test
  void markdown_namesItsPlots() throws IOException {
    new ReportPages(results(), List.of(CHAPTER), OUTLINE).write(folder);

    String markdown = Files.readString(folder.resolve("REPORT.md"));
    assertThat(markdown)
        .contains(
            "![Throughput](plots/get-1.png)",
            "| GET | kubekv | 2.50 (2.50 to 2.50) | ≥ 2 | 2026-11-28 | PASS |",
            "| slow | kubekv | 50.0 (50.0 to 50.0) | ≤ 45 | 2026-12-01 | FAIL |")
        .contains(
            "| PUT | kubekv |  | ≥ 1 | 2026-12-01 | not measured |",
            "* could not be measured: naive at 64")
        .containsPattern(
            "\\n"
                + "\\| clients \\| store \\| cpu_us.client \\|[^\\n"
                + "]*\\n"
                + "\\|(---\\|)+\\n"
                + "\\| 1 \\| etcd \\|")
        .contains("| 64 | naive | not measured |");
    BufferedImage plot = ImageIO.read(folder.resolve("plots/get-1.png").toFile());
    assertThat(plot.getWidth()).isEqualTo(1140);
    assertThat(coloursOf(plot)).isGreaterThan(2);
  }

  private static long coloursOf(BufferedImage image) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .distinct()
        .count();
  }

  @Test
  void nothingMeasured_isAReportToo() throws IOException {
    Results none = Results.create(folder.resolve("none.jsonl"), Map.of());

    new ReportPages(none, List.of(CHAPTER), OUTLINE).write(folder);

    assertThat(Files.readString(folder.resolve("REPORT.md")))
        .contains("**Not measured.**")
        .doesNotContain("Reads <of keys>");
  }
}
