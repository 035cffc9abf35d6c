package io.kubekv;

/** Nobody knows who asks: no credentials came, or none that count. Nothing was done. */
public final class UnauthenticatedException extends StoreException {
  private static final long serialVersionUID = 1L;

  private final boolean shown;

  /** What was shown counts for nothing. */
  public UnauthenticatedException(String message) {
    this(message, true);
  }

  private UnauthenticatedException(String message, boolean shown) {
    super(message, Advice.DO_NOT_RETRY);
    this.shown = shown;
  }

  /** Nothing was shown by which anybody could be known. */
  public static UnauthenticatedException nothingShown(String message) {
    return new UnauthenticatedException(message, false);
  }

  /** Whether something was shown that counts for nothing, as a token that has run out. */
  public boolean isShown() {
    return shown;
  }
}
