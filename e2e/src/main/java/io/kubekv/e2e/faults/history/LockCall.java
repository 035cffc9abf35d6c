package io.kubekv.e2e.faults.history;

/**
 * One call that concerns a session or the lock of a key.
 *
 * @param key the key whose lock it concerns; empty for calls on the session alone
 * @param session in whose name
 * @param timeToLiveMillis the session's
 * @param token the fencing token of an acquisition, where the answer tells it; else 0
 */
public record LockCall(
    Call call,
    Step step,
    String key,
    String session,
    long timeToLiveMillis,
    Result result,
    long token)
    implements Line {

  /** What the call is to do. */
  public enum Step {
    BEGIN,
    RENEW,
    END,
    ACQUIRE,
    RELEASE
  }
}
