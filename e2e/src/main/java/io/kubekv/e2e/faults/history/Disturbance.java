package io.kubekv.e2e.faults.history;

/**
 * Something that was done to the stores, or happened to them.
 *
 * @param kind of which there are few
 * @param target to whom
 * @param from when it began
 * @param to when it was over
 */
public record Disturbance(String kind, String target, long from, long to) implements Line {
  /** Another replica took the lease. */
  public static final String TAKE_OVER = "take-over";
}
