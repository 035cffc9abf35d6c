package io.kubekv.k8s.snapshot;

import java.io.IOException;

/**
 * Somebody else has written to the log, or the snapshot, and what was acknowledged may be lost. The
 * message says which object it is.
 */
public final class DamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  public DamagedException(String message) {
    super(message);
  }
}
