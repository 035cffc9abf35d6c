package io.kubekv.benchmarks.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Every chapter that was measured, with all of its plots and figures. */
final class Appendix {
  private final Results results;
  private final Charts charts;
  private final Findings findings;

  Appendix(Results results) {
    this.results = results;
    this.charts = new Charts(results);
    this.findings = new Findings(results);
  }

  /**
   * What a page shows of a plot.
   *
   * @param image a PNG, as base64
   * @param file where it is beside the Markdown
   */
  public record Shown(String title, String sentence, String image, String file) {}

  /** What a page shows of a chapter. */
  public record Section(
      String title, String how, List<Shown> plots, Table table, List<String> failures) {}

  /** Chapters without results are left out. */
  List<Section> sections(List<Chapter> chapters) throws IOException {
    List<Section> sections = new ArrayList<>();
    for (Chapter chapter : chapters) {
      if (!results.of(chapter.scenario()).isEmpty()) {
        sections.add(section(chapter));
      }
    }
    return sections;
  }

  private Section section(Chapter chapter) throws IOException {
    List<Shown> plots = new ArrayList<>();
    for (Chapter.Plot plot : chapter.plots()) {
      String file = chapter.scenario() + "-" + (plots.size() + 1);
      shown(chapter, plot, plot.title(), file).ifPresent(plots::add);
    }
    return new Section(chapter.title(), chapter.how(), plots, table(chapter), failures(chapter));
  }

  /** A plot of a chapter; empty when there is nothing to show. */
  Optional<Shown> shown(Chapter chapter, Chapter.Plot plot, String title, String file)
      throws IOException {
    return charts
        .png(chapter, plot)
        .map(
            png ->
                new Shown(
                    title,
                    findings.sentence(chapter, plot),
                    Base64.getEncoder().encodeToString(png),
                    "plots/" + file + ".png"));
  }

  private List<String> failures(Chapter chapter) {
    return results.of(chapter.scenario()).stream()
        .filter(sample -> sample.failure().isPresent())
        .map(
            sample ->
                "%s at %s %s: %s"
                    .formatted(
                        sample.contestant(),
                        Figure.count(sample.x()),
                        chapter.x(),
                        sample.failure().orElseThrow()))
        .distinct()
        .toList();
  }

  private Table table(Chapter chapter) {
    List<String> figures =
        results.of(chapter.scenario()).stream()
            .flatMap(sample -> sample.figures().keySet().stream())
            .distinct()
            .sorted()
            .toList();
    List<String> head = new ArrayList<>(List.of(chapter.x(), "store"));
    head.addAll(figures);
    List<List<String>> rows = new ArrayList<>();
    for (double x : results.points(chapter.scenario())) {
      for (String contestant : results.contestants(chapter.scenario())) {
        List<String> row = new ArrayList<>(List.of(Figure.count(x), contestant));
        figures.forEach(figure -> row.add(cell(chapter, contestant, x, figure)));
        rows.add(row);
      }
    }
    return new Table(head, rows);
  }

  private String cell(Chapter chapter, String contestant, double x, String figure) {
    return Spread.of(results.values(chapter.scenario(), contestant, x, figure))
        .map(spread -> spread.count() == 1 ? Figure.text(spread.median()) : spread.text())
        .orElseGet(() -> isMeasured(chapter, contestant, x) ? "–" : "not measured");
  }

  private boolean isMeasured(Chapter chapter, String contestant, double x) {
    return results.of(chapter.scenario()).stream()
        .filter(sample -> sample.contestant().equals(contestant) && sample.x() == x)
        .anyMatch(sample -> !sample.figures().isEmpty());
  }
}
