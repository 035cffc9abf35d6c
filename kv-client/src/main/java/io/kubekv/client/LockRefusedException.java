package io.kubekv.client;

import io.kubekv.Refused;

/**
 * The lock cannot be had by waiting: the session that was to hold it does not live, or the key
 * cannot be put.
 */
public final class LockRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refused refused;

  LockRefusedException(String message, Refused refused) {
    super(message);
    this.refused = refused;
  }

  /** What the store said. */
  public Refused refused() {
    return refused;
  }
}
