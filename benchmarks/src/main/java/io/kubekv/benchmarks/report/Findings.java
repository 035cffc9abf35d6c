package io.kubekv.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says in a sentence what a plot shows: each contestant, and how it stands beside its peer. */
final class Findings {
  private final Results results;

  Findings(Results results) {
    this.results = results;
  }

  /** At the last point that each was measured at. */
  String sentence(Chapter chapter, Chapter.Plot plot) {
    String figure = plot.kind() == Chapter.Kind.PARTS ? Figure.total(plot.figure()) : plot.figure();
    Map<Double, List<String>> byPoint = new TreeMap<>(Comparator.reverseOrder());
    for (String contestant : results.contestants(chapter.scenario())) {
      last(chapter, contestant, figure)
          .ifPresent(
              x ->
                  byPoint
                      .computeIfAbsent(x, at -> new ArrayList<>())
                      .add(shown(chapter, contestant, x, figure)));
    }
    if (byPoint.isEmpty()) {
      return "Not measured.";
    }
    String unit = plot.y().isEmpty() ? "" : " (" + plot.y() + ")";
    return byPoint.entrySet().stream()
        .map(
            at ->
                "at %s: %s"
                    .formatted(counted(at.getKey(), chapter.x()), String.join("; ", at.getValue())))
        .collect(Collectors.joining("; ", "Median" + unit + " ", "."));
  }

  private Optional<Double> last(Chapter chapter, String contestant, String figure) {
    return results.points(chapter.scenario()).reversed().stream()
        .filter(x -> results.values(chapter.scenario(), contestant, x, figure).length > 0)
        .findFirst();
  }

  /** The figure, and where there is a peer the ratio to it, from the least to the greatest. */
  private String shown(Chapter chapter, String contestant, double x, String figure) {
    String median =
        Spread.of(results.values(chapter.scenario(), contestant, x, figure))
            .map(spread -> Figure.text(spread.median()))
            .orElseThrow();
    String beside =
        contestant.equals(chapter.peer())
            ? ""
            : Spread.of(results.ratios(chapter.scenario(), contestant, chapter.peer(), x, figure))
                .map(ratio -> beside(ratio, chapter.peer()))
                .orElse("");
    return contestant + " " + median + beside;
  }

  private static String beside(Spread ratio, String peer) {
    return " (%s x %s, %s to %s)"
        .formatted(
            Figure.text(ratio.median()),
            peer,
            Figure.text(ratio.least()),
            Figure.text(ratio.greatest()));
  }

  /** One client, 64 clients; a chapter's word for its points is in the plural. */
  static String counted(double x, String plural) {
    boolean one = x == 1 && plural.endsWith("s") && !plural.contains(" ");
    return Figure.count(x) + " " + (one ? plural.substring(0, plural.length() - 1) : plural);
  }
}
