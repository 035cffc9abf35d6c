package io.kubekv.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says in a sentence what a plot shows: each contestant beside its peer. */
final class Findings {
  private final Results results;

  Findings(Results results) {
    this.results = results;
  }

  /** At the last point that contestant and peer were both measured at. */
  String sentence(Chapter chapter, Chapter.Plot plot) {
    String figure = plot.kind() == Chapter.Kind.PARTS ? Figure.total(plot.figure()) : plot.figure();
    List<String> parts = new ArrayList<>();
    for (String contestant : results.contestants(chapter.scenario())) {
      if (!contestant.equals(chapter.peer())) {
        beside(chapter, contestant, figure).ifPresent(parts::add);
      }
    }
    return parts.isEmpty()
        ? alone(chapter, figure)
        : plot.title() + ": " + String.join("; ", parts) + ".";
  }

  private Optional<String> beside(Chapter chapter, String contestant, String figure) {
    for (double x : results.points(chapter.scenario()).reversed()) {
      Optional<Spread> ratio =
          Spread.of(results.ratios(chapter.scenario(), contestant, chapter.peer(), x, figure));
      Optional<Spread> value = Spread.of(results.values(chapter.scenario(), contestant, x, figure));
      if (ratio.isPresent() && value.isPresent()) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "at %s %s %s has %s, %s times that of %s (%s to %s over %d rounds)",
                Figure.count(x),
                chapter.x(),
                contestant,
                Figure.text(value.get().median()),
                Figure.text(ratio.get().median()),
                chapter.peer(),
                Figure.text(ratio.get().least()),
                Figure.text(ratio.get().greatest()),
                ratio.get().count()));
      }
    }
    return Optional.empty();
  }

  private String alone(Chapter chapter, String figure) {
    List<String> parts = new ArrayList<>();
    for (String contestant : results.contestants(chapter.scenario())) {
      for (double x : results.points(chapter.scenario())) {
        Spread.of(results.values(chapter.scenario(), contestant, x, figure))
            .ifPresent(
                value ->
                    parts.add(
                        contestant
                            + " has "
                            + Figure.text(value.median())
                            + " at "
                            + Figure.count(x)
                            + " "
                            + chapter.x()));
      }
    }
    return parts.isEmpty() ? "Nothing was measured." : String.join("; ", parts) + ".";
  }
}
