package io.kubekv.benchmarks;

import io.kubekv.e2e.Check;

/**
 * One figure of the cost model beside what was measured, over a whole workload.
 *
 * @param workload what was done
 * @param figure the model's name for it
 */
record CostCheck(String workload, String figure, double predicted, double measured) {
  private static final double TOLERANCE = 0.3;

  double ratio() {
    return predicted / measured;
  }

  boolean holds() {
    return Math.abs(ratio() - 1) <= TOLERANCE;
  }

  void print() {
    Check.say(
        "  %-26s %-20s predicted %14.1f   measured %14.1f   %.2f %s",
        workload, figure, predicted, measured, ratio(), holds() ? "" : "  falls short");
  }
}
