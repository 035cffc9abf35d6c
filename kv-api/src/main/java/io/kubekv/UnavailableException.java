package io.kubekv;

/**
 * The store cannot answer now: a cold cache, no lease, an unreachable API, a closed store. Nothing
 * was applied; retry.
 */
public final class UnavailableException extends StoreException {
  private static final long serialVersionUID = 1L;

  public UnavailableException(String message) {
    super(message, Advice.RETRY);
  }

  public UnavailableException(String message, Throwable cause) {
    super(message, Advice.RETRY, cause);
  }
}
