package io.kubekv.benchmarks.report;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the report of some results: {@code report.html}, which needs no other file, and {@code
 * REPORT.md} with its plots in {@code plots/}. A run that is not finished gives a report, too.
 */
public final class ReportPages {
  private final Results results;
  private final List<Chapter> chapters;
  private final List<Claim> claims;
  private final Charts charts;
  private final Findings findings;

  /**
   * @param chapters what is known of the scenarios; those without results are left out
   */
  public ReportPages(Results results, List<Chapter> chapters, List<Claim> claims) {
    this.results = results;
    this.chapters = List.copyOf(chapters);
    this.claims = List.copyOf(claims);
    this.charts = new Charts(results);
    this.findings = new Findings(results);
  }

  /**
   * What a page shows of a plot.
   *
   * @param image a PNG, as base64
   */
  public record Shown(String title, String sentence, String image, String file) {}

  /** What a page shows of a chapter. */
  public record Section(
      String title, String how, List<Shown> plots, Table table, List<String> failures) {}

  /** Medians with their spread, a row for each contestant and point. */
  public record Table(List<String> head, List<List<String>> rows) {}

  /** What a page shows of a claim. */
  public record Judgement(
      String topic, String said, String verdict, List<Claim.Judged> bars, String answer) {}

  /** Writes both pages into a folder. */
  public void write(Path folder) throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("about", new LinkedHashMap<>(new java.util.TreeMap<>(results.about())));
    model.put("claims", claims.stream().map(this::judgement).toList());
    model.put("sections", sections());
    Files.createDirectories(folder.resolve("plots"));
    Files.writeString(folder.resolve("report.html"), render("report.html", true, model));
    Files.writeString(folder.resolve("REPORT.md"), render("report.md", false, model));
    for (Section section : sections()) {
      for (Shown plot : section.plots()) {
        Files.write(folder.resolve(plot.file()), Base64.getDecoder().decode(plot.image()));
      }
    }
  }

  private Judgement judgement(Claim claim) {
    return new Judgement(
        claim.topic(),
        claim.said(),
        claim.verdict(results),
        claim.bars().stream().map(bar -> bar.judge(results)).toList(),
        claim.answer());
  }

  private List<Section> sections() throws IOException {
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
      Optional<byte[]> png = charts.png(chapter, plot);
      if (png.isPresent()) {
        String image = Base64.getEncoder().encodeToString(png.get());
        String file = "plots/" + chapter.scenario() + "-" + (plots.size() + 1) + ".png";
        plots.add(new Shown(plot.title(), findings.sentence(chapter, plot), image, file));
      }
    }
    List<String> failures =
        results.of(chapter.scenario()).stream()
            .filter(sample -> sample.failure().isPresent())
            .map(
                sample ->
                    sample.contestant()
                        + " at "
                        + Figure.count(sample.x())
                        + " "
                        + chapter.x()
                        + ": "
                        + sample.failure().orElseThrow())
            .distinct()
            .toList();
    return new Section(chapter.title(), chapter.how(), plots, table(chapter), failures);
  }

  private Table table(Chapter chapter) {
    List<String> figures =
        results.of(chapter.scenario()).stream()
            .flatMap(sample -> sample.figures().keySet().stream())
            .distinct()
            .sorted()
            .toList();
    List<String> head = new ArrayList<>(List.of(chapter.x(), "contestant"));
    head.addAll(figures);
    List<List<String>> rows = new ArrayList<>();
    for (double x : results.points(chapter.scenario())) {
      for (String contestant : results.contestants(chapter.scenario())) {
        List<String> row = new ArrayList<>(List.of(Figure.count(x), contestant));
        figures.forEach(figure -> row.add(shown(chapter, contestant, x, figure)));
        rows.add(row);
      }
    }
    return new Table(head, rows);
  }

  private String shown(Chapter chapter, String contestant, double x, String figure) {
    return Spread.of(results.values(chapter.scenario(), contestant, x, figure))
        .map(
            spread ->
                Figure.text(spread.median())
                    + (spread.count() == 1
                        ? ""
                        : " ["
                            + Figure.text(spread.least())
                            + "–"
                            + Figure.text(spread.greatest())
                            + "]"))
        .orElseGet(() -> isMeasured(chapter, contestant, x) ? "–" : "not measured");
  }

  private boolean isMeasured(Chapter chapter, String contestant, double x) {
    return results.of(chapter.scenario()).stream()
        .filter(sample -> sample.contestant().equals(contestant) && sample.x() == x)
        .anyMatch(sample -> !sample.figures().isEmpty());
  }

  private static String render(String name, boolean html, Map<String, Object> model)
      throws IOException {
    ClasspathLoader loader = new ClasspathLoader(ReportPages.class.getClassLoader());
    loader.setPrefix("io/kubekv/benchmarks/report");
    loader.setSuffix(".peb");
    PebbleEngine engine =
        new PebbleEngine.Builder().loader(loader).autoEscaping(html).strictVariables(true).build();
    PebbleTemplate template = engine.getTemplate(name);
    StringWriter page = new StringWriter();
    template.evaluate(page, model, java.util.Locale.ROOT);
    return page.toString();
  }
}
