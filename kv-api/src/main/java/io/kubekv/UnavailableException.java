package io.kubekv;

/**
 * The store cannot answer now: a cold cache, no lease, an unreachable API, a closed store. Nothing
 * was applied; retry, unless the {@link #advice} is not to: then it lasts until somebody does what
 * the message says.
 */
public final class UnavailableException extends StoreException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message) {
    super(message, Advice.RETRY);
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, Advice.RETRY, cause);
  }

  private UnavailableException(String message, Advice advice) {
    super(message, advice);
  }

  /**
   * One that lasts until somebody changes something.
   *
   * @param message says what
   */
  public static UnavailableException lasting(String message) {
    return new UnavailableException(message, Advice.DO_NOT_RETRY);
  }
}
