package io.kubekv;

/** Nobody knows who asks: no credentials came, or none that count. Nothing was done. */
public final class UnauthenticatedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public UnauthenticatedException(String message) {
    super(message, Advice.DO_NOT_RETRY);
  }
}
