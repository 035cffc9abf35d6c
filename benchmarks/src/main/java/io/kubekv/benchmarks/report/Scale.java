package io.kubekv.benchmarks.report;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What an axis shows.
 *
 * @param ticks the values that stand beside it, growing
 */
record Scale(double least, double greatest, boolean logarithmic, List<Double> ticks) {
  private static final int[] STEPS = {1, 2, 5};

  /** Numbers for people, as they are: thousands apart, no powers of ten. */
  static final String PATTERN = "#,##0.############";

  Scale {
    ticks = List.copyOf(ticks);
  }

  /** A tick at each measured point and nowhere else. */
  static Scale ofPoints(List<Double> points) {
    double first = points.getFirst();
    double last = points.getLast();
    boolean logarithmic = first > 0;
    if (first < last) {
      return new Scale(first, last, logarithmic, points);
    }
    return logarithmic
        ? new Scale(first / 2, first * 2, true, points)
        : new Scale(first - 1, first + 1, false, points);
  }

  /**
   * Of values above 0: from a 1, 2 or 5 of a power of ten to another, with a tick at each, or at
   * the powers of ten alone.
   *
   * @param most ticks; where it would be more, the powers of ten alone have one
   */
  static Scale around(Collection<Double> values, int most) {
    int first = below(Collections.min(values));
    int last = below(Collections.max(values));
    if (step(last) < Collections.max(values) || first == last) {
      last++;
    }
    boolean all = last - first < most;
    List<Double> ticks =
        IntStream.rangeClosed(first, last)
            .filter(number -> all || Math.floorMod(number, STEPS.length) == 0)
            .mapToObj(Scale::step)
            .toList();
    return new Scale(step(first), step(last), true, ticks);
  }

  /** The number of the greatest step that is not above a value. */
  private static int below(double value) {
    int number = ((int) Math.floor(Math.log10(value)) + 1) * STEPS.length;
    while (step(number) > value) {
      number--;
    }
    return number;
  }

  /** ..., 0.5, 1, 2, 5, 10, ...; the one of number 0 is 1. */
  private static double step(int number) {
    int power = Math.floorDiv(number, STEPS.length);
    return BigDecimal.valueOf(STEPS[Math.floorMod(number, STEPS.length)])
        .scaleByPowerOfTen(power)
        .doubleValue();
  }

  static String text(double value) {
    return new DecimalFormat(PATTERN, DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
  }
}
