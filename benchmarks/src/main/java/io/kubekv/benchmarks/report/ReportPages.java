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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the report of some results: {@code report.html}, which needs no other file, and {@code
 * REPORT.md} with its plots in {@code plots/}. A run that is not finished gives a report, too.
 */
public final class ReportPages {
  private final Results results;
  private final List<Chapter> chapters;
  private final Outline outline;
  private final Appendix appendix;

  /**
   * @param chapters what is known of the scenarios; those without results are left out
   */
  public ReportPages(Results results, List<Chapter> chapters, Outline outline) {
    this.results = results;
    this.chapters = List.copyOf(chapters);
    this.outline = outline;
    this.appendix = new Appendix(results);
  }

  /** Writes both pages into a folder. */
  public void write(Path folder) throws IOException {
    List<Appendix.Shown> highlights = highlights();
    List<Appendix.Section> sections = appendix.sections(chapters);
    Map<String, Object> model = model(highlights, sections);
    Path plots = Files.createDirectories(folder.resolve("plots"));
    clear(plots);
    Files.writeString(folder.resolve("report.html"), render("report.html", true, model));
    String markdown = render("report.md", false, model);
    Files.writeString(folder.resolve("REPORT.md"), ShortLines.of(markdown));
    List<Appendix.Shown> all = new ArrayList<>(highlights);
    sections.forEach(section -> all.addAll(section.plots()));
    for (Appendix.Shown plot : all) {
      Files.write(folder.resolve(plot.file()), Base64.getDecoder().decode(plot.image()));
    }
  }

  /** Plots of an earlier run are none of this one. */
  private static void clear(Path plots) throws IOException {
    try (var files = Files.newDirectoryStream(plots, "*.png")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private Map<String, Object> model(
      List<Appendix.Shown> highlights, List<Appendix.Section> sections) throws IOException {
    FirstPages first = new FirstPages(results, outline);
    Map<String, Object> model = new LinkedHashMap<>();
    Map<String, String> about = new TreeMap<>(results.about());
    about.put("rounds", results.rounds());
    model.put("about", about);
    model.put("size", about.getOrDefault("size", "full"));
    model.put("peer", outline.peer());
    model.put("stores", stores());
    model.put("prose", Prose.read());
    model.put("answers", first.answers());
    model.put("matrix", first.matrix());
    model.put("claims", first.judgements());
    model.put("highlights", highlights);
    model.put("missing", missing(highlights));
    model.put("losses", first.losses());
    model.put("noise", first.noise());
    model.put("sections", sections);
    return model;
  }

  /** Those that the table has; all that are known where nothing was measured. */
  private Map<String, String> stores() {
    Set<String> measured = new HashSet<>();
    outline
        .operations()
        .forEach(operation -> measured.addAll(results.contestants(operation.scenario())));
    Map<String, String> stores = new LinkedHashMap<>(outline.stores());
    if (!measured.isEmpty()) {
      stores.keySet().retainAll(measured);
    }
    return stores;
  }

  /** The titles of the plots that there is nothing to show in. */
  private List<String> missing(List<Appendix.Shown> highlights) {
    List<String> shown = highlights.stream().map(Appendix.Shown::title).toList();
    return outline.plots().stream()
        .map(Outline.Highlight::title)
        .filter(title -> !shown.contains(title))
        .toList();
  }

  private List<Appendix.Shown> highlights() throws IOException {
    List<Appendix.Shown> shown = new ArrayList<>();
    for (Outline.Highlight plot : outline.plots()) {
      Optional<Chapter> chapter =
          chapters.stream().filter(one -> one.scenario().equals(plot.scenario())).findFirst();
      if (chapter.isPresent()) {
        String file = "main-" + (outline.plots().indexOf(plot) + 1);
        appendix.shown(chapter.get(), plot.plot(), plot.title(), file).ifPresent(shown::add);
      }
    }
    return shown;
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
    template.evaluate(page, model, Locale.ROOT);
    return page.toString();
  }
}
