package io.kubekv;

/**
 * A change was sent and nobody knows whether it was applied, now or later. Read first, then decide:
 * repeating it blindly may apply it twice.
 */
public final class OutcomeUnknownException extends StoreException {
  private static final long serialVersionUID = 1L;

  public OutcomeUnknownException(String message) {
    super(message, Advice.READ_THEN_DECIDE);
  }

  public OutcomeUnknownException(String message, Throwable cause) {
    super(message, Advice.READ_THEN_DECIDE, cause);
  }
}
