package io.kubekv.page.cost;

import java.util.List;

/**
 * What a store costs, as people read it.
 *
 * @param words of whom it is asked
 * @param inputs what the prediction is made of; immutable
 * @param groups immutable
 * @param beyond limits that are passed; immutable
 */
public record CostTable(String words, List<Row> inputs, List<Group> groups, List<String> beyond) {
  /** What stands where nobody has measured. */
  static final String NOT_MEASURED = "not measured here";

  /** What stands where the model says nothing. */
  static final String NOT_PREDICTED = "not predicted";

  public CostTable {
    inputs = List.copyOf(inputs);
    groups = List.copyOf(groups);
    beyond = List.copyOf(beyond);
  }

  /** Figures about one part of the cluster. */
  public record Group(String title, List<Row> rows) {
    public Group {
      rows = List.copyOf(rows);
    }
  }

  /**
   * One figure.
   *
   * @param predicted by the model; of an input, what it is
   * @param measured now; of an input, empty
   * @param note how it comes about
   */
  public record Row(String name, String predicted, String measured, String note) {}
}
