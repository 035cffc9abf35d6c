package io.kubekv.benchmarks.report;

import java.io.IOException;
import java.util.Optional;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;

/** Draws the plots of a chapter as PNG images: medians, and how far the rounds lie apart. */
final class Charts {
  private final Results results;

  Charts(Results results) {
    this.results = results;
  }

  /** A plot; empty when there is nothing to show. */
  Optional<byte[]> png(Chapter chapter, Chapter.Plot plot) throws IOException {
    Optional<? extends Picture<?>> picture =
        switch (plot.kind()) {
          case LINES, CURVE -> lines(chapter, plot);
          case BARS, PARTS -> bars(chapter, plot);
        };
    return picture.isPresent() ? Optional.of(picture.get().png()) : Optional.empty();
  }

  Optional<Picture<XYChart>> lines(Chapter chapter, Chapter.Plot plot) {
    return new Lines(new Measured(results, chapter), plot).picture();
  }

  Optional<Picture<CategoryChart>> bars(Chapter chapter, Chapter.Plot plot) {
    Bars bars = new Bars(new Measured(results, chapter), plot);
    return plot.kind() == Chapter.Kind.PARTS ? bars.ofParts() : bars.atPoints();
  }
}
