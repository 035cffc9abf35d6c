package io.kubekv.benchmarks.report;

import java.util.Optional;

/**
 * One number of the report: where it is found in the results.
 *
 * @param peer by whose figure of the same round it is divided; absent when the figure itself is
 *     meant
 * @param x the point of the scenario
 * @param figure as {@link Results#values} takes it
 */
public record Measure(
    String scenario, String contestant, Optional<String> peer, double x, String figure) {
  /** The ratio to a peer. */
  public static Measure ratio(
      String scenario, String contestant, String peer, double x, String figure) {
    return new Measure(scenario, contestant, Optional.of(peer), x, figure);
  }

  /** The figure itself. */
  public static Measure value(String scenario, String contestant, double x, String figure) {
    return new Measure(scenario, contestant, Optional.empty(), x, figure);
  }

  /** Whether the contestant could not bear it, once at least; what a peer could not is not told. */
  boolean hasFailed(Results results) {
    return results.hasFailed(scenario, contestant, x);
  }

  /** For people: the median with its range, and whether rounds failed; empty when not measured. */
  String text(Results results) {
    boolean failed = hasFailed(results);
    return spread(results)
        .map(one -> one.text() + (failed ? ", some rounds failed" : ""))
        .orElse(failed ? "failed" : "");
  }

  /** Its median and range over the rounds; empty when it was not measured. */
  Optional<Spread> spread(Results results) {
    return Spread.of(
        peer.map(by -> results.ratios(scenario, contestant, by, x, figure))
            .orElseGet(() -> results.values(scenario, contestant, x, figure)));
  }
}
