package io.kubekv.transport.limits;

/** A client is over one of its limits. Nothing was applied. */
public final class OverLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Limit limit;

  /**
   * @param message says which limit, how much is allowed, and what to do
   */
  public OverLimitException(Limit limit, String message) {
    super(message, null, false, false);
    this.limit = limit;
  }

  /** The limit. */
  public Limit limit() {
    return limit;
  }
}
