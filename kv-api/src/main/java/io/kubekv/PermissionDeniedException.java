package io.kubekv;

/** Whoever asks may not. Nothing was done, and nothing of the store is told. */
public final class PermissionDeniedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public PermissionDeniedException(String message) {
    super(message, Advice.DO_NOT_RETRY);
  }
}
