package io.kubekv.e2e.page;

import io.kubekv.e2e.Finding;
import java.util.ArrayList;
import java.util.List;

/** What was found, printed as it is. */
final class Findings {
  private final List<Finding> all = new ArrayList<>();
  private final boolean timed;

  /**
   * @param timed whether times are compared with what is asked for, which takes a quiet machine
   */
  Findings(boolean timed) {
    this.timed = timed;
  }

  void add(Finding finding) {
    all.add(finding);
    finding.print();
  }

  /** How long something took. */
  void time(String what, double seconds, double bar) {
    add(timed ? Finding.atMost(what, seconds, bar, "s") : Finding.told(what, "%.2f s", seconds));
  }

  int size() {
    return all.size();
  }

  long failures() {
    return all.stream().filter(finding -> !finding.holds()).count();
  }
}
