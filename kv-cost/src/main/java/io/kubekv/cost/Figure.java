package io.kubekv.cost;

/**
 * One number of a prediction.
 *
 * @param name for programs, such as {@code etcd.wal}; stays
 * @param what for people
 * @param formula how the value comes about, with this workload's numbers in it
 * @param assumes what must hold for it; empty when nothing need
 */
public record Figure(
    String name, String what, double value, Unit unit, String formula, String assumes) {

  /** The value for people. */
  public String text() {
    return unit.text(value);
  }
}
