package io.kubekv.benchmarks.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the results have of a chapter. */
record Measured(Results results, Chapter chapter) {
  List<String> contestants() {
    return results.contestants(chapter.scenario());
  }

  List<Double> points() {
    return results.points(chapter.scenario());
  }

  Optional<Spread> spread(String contestant, double point, String figure) {
    return Spread.of(results.values(chapter.scenario(), contestant, point, figure));
  }

  /** Whether a contestant has a figure at any point. */
  boolean has(String contestant, String figure) {
    return points().stream().anyMatch(point -> spread(contestant, point, figure).isPresent());
  }

  /** The parts that a figure is told for, of all contestants, the client behind the others. */
  Set<String> parts(String byPart) {
    Set<String> parts =
        new TreeSet<>(
            Comparator.<String, Boolean>comparing(Figure.CLIENT::equals)
                .thenComparing(Comparator.naturalOrder()));
    for (Sample sample : results.of(chapter.scenario())) {
      sample.figures().keySet().stream()
          .filter(figure -> Figure.isOfPart(figure, byPart))
          .map(figure -> figure.substring(byPart.length()))
          .forEach(parts::add);
    }
    return parts;
  }

  /** The last point at which a contestant has a figure of any of its parts. */
  Optional<Double> lastOfParts(String contestant, String byPart) {
    return results.of(chapter.scenario()).stream()
        .filter(sample -> sample.contestant().equals(contestant))
        .filter(
            sample ->
                sample.figures().keySet().stream()
                    .anyMatch(figure -> Figure.isOfPart(figure, byPart)))
        .map(Sample::x)
        .max(Double::compare);
  }

  /** A contestant in a legend. */
  static String label(String contestant, boolean measured) {
    return measured ? contestant : contestant + " (not measured)";
  }
}
