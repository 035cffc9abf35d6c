package io.kubekv.cost;

import java.util.ArrayList;
import java.util.List;

/** A sum over kinds of changes, and its text: what does not occur is in neither. */
final class Sum {
  private final List<String> terms = new ArrayList<>();
  private double value;

  /**
   * Adds what happens so often.
   *
   * @param each what it costs each time
   * @param unit of that
   */
  Sum add(String what, double perSecond, double each, String unit) {
    if (perSecond > 0) {
      value += perSecond * each;
      terms.add(Text.formula("%s %s x %.0f %s", what, Text.rate(perSecond), each, unit));
    }
    return this;
  }

  Sum add(String what, double perSecond, long each, String unit) {
    return add(what, perSecond, (double) each, unit);
  }

  double value() {
    return value;
  }

  String formula() {
    return terms.isEmpty() ? "nothing is changed" : String.join(" + ", terms);
  }

  /** The two as a figure. */
  Figure figure(String name, String what, Unit unit, String assumes) {
    return new Figure(name, what, value, unit, formula(), assumes);
  }
}
