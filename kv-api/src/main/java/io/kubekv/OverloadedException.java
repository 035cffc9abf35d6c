package io.kubekv;

import java.time.Duration;

/** The store or its backend asks for less. Nothing was applied; retry after {@link #retryAfter}. */
public final class OverloadedException extends StoreException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  public OverloadedException(String message, Duration retryAfter) {
    super(message, Advice.RETRY);
    this.retryAfter = retryAfter;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
