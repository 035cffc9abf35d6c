package io.kubekv.e2e.faults.check;

import io.kubekv.e2e.faults.history.Disorder;
import io.kubekv.e2e.faults.history.History;
import java.util.List;

/** What clients found themselves while they were told it: see {@link Disorder}. */
public final class Orders {
  private final History history;

  public Orders(History history) {
    this.history = history;
  }

  /** One for each. */
  public List<Violation> violations() {
    return history.all(Disorder.class).stream().map(Orders::violation).toList();
  }

  private static Violation violation(Disorder disorder) {
    return new Violation(
        "a session is told everything in order",
        disorder.client(),
        "was told otherwise: " + disorder.told(),
        List.of(disorder));
  }
}
