package io.kubekv.e2e.faults.history;

/**
 * Who called whom, and when.
 *
 * @param id unique in a history, in the order of invocations
 * @param client who called
 * @param door by which API
 * @param replica who was asked
 * @param invoked {@link System#nanoTime} before the first byte was sent
 * @param returned {@link System#nanoTime} after the last byte of the answer came, or the client
 *     gave up
 */
public record Call(
    long id, String client, String door, String replica, long invoked, long returned) {

  /** Whether this was over before the other began. */
  public boolean precedes(Call other) {
    return returned < other.invoked;
  }
}
