package io.kubekv.e2e.faults.history;

/**
 * One call on one key of the linearizable part of a store.
 *
 * @param value what it stores; empty when it stores nothing. No two operations store the same
 * @param expected the revision that a comparison names; 0 when there is none
 * @param seen what the answer tells of the key: of a read and of a refusal what it was, of a change
 *     what it was before
 * @param revision of the change, where the answer tells it; else 0
 */
public record Operation(
    Call call,
    Action action,
    String key,
    String value,
    long expected,
    Result result,
    Sight seen,
    long revision)
    implements Line {

  /** Whether it is known to have taken effect, or to have been refused. */
  public boolean isDefinite() {
    return result == Result.DONE || result == Result.REFUSED;
  }

  /** Whether it has told what the key was, and changed nothing. */
  public boolean onlyReads() {
    return result == Result.REFUSED || (action.isRead() && result == Result.DONE);
  }

  /** The same with the revision that was found out later. */
  public Operation withRevision(long found) {
    return new Operation(call, action, key, value, expected, result, seen, found);
  }
}
