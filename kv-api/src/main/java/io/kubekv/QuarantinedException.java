package io.kubekv;

/**
 * The key's place is taken by an object that is not ours or does not match its name; an operator
 * must look at it. Nothing was applied; do not retry.
 */
public final class QuarantinedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public QuarantinedException(String message) {
    super(message, Advice.DO_NOT_RETRY);
  }
}
