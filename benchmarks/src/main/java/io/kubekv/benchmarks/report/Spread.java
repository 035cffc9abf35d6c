package io.kubekv.benchmarks.report;

import io.kubekv.e2e.Check;
import java.util.Arrays;
import java.util.Optional;

/**
 * The middle of some values, and how far they lie apart.
 *
 * @param least the smallest
 * @param greatest the largest
 * @param count how many there are
 */
public record Spread(double median, double least, double greatest, int count) {
  /** Empty when there are no values. */
  public static Optional<Spread> of(double... values) {
    if (values.length == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Spread(
            Check.median(values),
            Arrays.stream(values).min().orElseThrow(),
            Arrays.stream(values).max().orElseThrow(),
            values.length));
  }

  /** For people: the median, and in brackets from the least to the greatest. */
  String text() {
    return "%s (%s to %s)"
        .formatted(Figure.text(median), Figure.text(least), Figure.text(greatest));
  }
}
