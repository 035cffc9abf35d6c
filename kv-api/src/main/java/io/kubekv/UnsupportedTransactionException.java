package io.kubekv;

/**
 * The store does not take transactions of this shape (it lacks {@link Capability#ANY_TRANSACTION});
 * the message names the operation and says which it takes. Nothing was applied; do not retry.
 */
public final class UnsupportedTransactionException extends StoreException {
  private static final long serialVersionUID = 1L;

  private final int operation;

  /**
   * @param operation the place in the request of an operation that does not fit, from 0
   */
  public UnsupportedTransactionException(String message, int operation) {
    super(message, Advice.DO_NOT_RETRY);
    this.operation = operation;
  }

  /** The place in the request of the first operation that does not fit, from 0. */
  public int operation() {
    return operation;
  }
}
