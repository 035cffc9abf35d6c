package io.kubekv.e2e.faults.history;

/**
 * One call on a key with a time to live, which has one client only.
 *
 * @param timeToLiveMillis that the call gives; 0 for a look
 * @param exists of a look: whether the key was there
 */
public record MortalCall(
    Call call, Step step, String key, long timeToLiveMillis, Result result, boolean exists)
    implements Line {

  /** What the call is to do. */
  public enum Step {
    /** Stores the key with a time to live. */
    PUT,
    /** Gives the key, which must be there, its time to live anew. */
    REFRESH,
    /** Reads it. */
    LOOK
  }
}
