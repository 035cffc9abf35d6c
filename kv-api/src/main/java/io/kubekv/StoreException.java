package io.kubekv;

/**
 * A failure the caller cannot decide about; see {@link #advice()} for what to do. Refusals are not
 * failures: they are {@link Refused}.
 */
public abstract sealed class StoreException extends RuntimeException
    permits UnavailableException,
        OverloadedException,
        OutcomeUnknownException,
        LimitExceededException,
        CompactedException,
        FutureRevisionException,
        UnauthenticatedException,
        PermissionDeniedException {
  private static final long serialVersionUID = 1L;

  /** What a caller should do about a failure. */
  public enum Advice {
    /** Nothing was applied: send just this call again, after a pause. */
    RETRY,
    /** It may have been applied: read first, then decide. */
    READ_THEN_DECIDE,
    /** It will fail again until somebody changes something. */
    DO_NOT_RETRY
  }

  private final Advice advice;

  StoreException(String message, Advice advice) {
    super(message);
    this.advice = advice;
  }

  StoreException(String message, Advice advice, Throwable cause) {
    super(message, cause);
    this.advice = advice;
  }

  public Advice advice() {
    return advice;
  }
}
