package io.kubekv.cli.transfer;

import io.kubekv.cli.terminal.ExitCodes;
import org.jspecify.annotations.Nullable;

/** An export or import cannot go on; says why, and how the program ends. */
final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private TransferException(String message, int exitCode, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The data is not what it should be. */
  static TransferException wrong(String message) {
    return new TransferException(message, ExitCodes.REFUSED, null);
  }

  static TransferException wrong(String message, Throwable cause) {
    return new TransferException(message, ExitCodes.REFUSED, cause);
  }

  /** The other side cannot be reached, or does not answer as it should. */
  static TransferException unavailable(String message) {
    return new TransferException(message, ExitCodes.UNAVAILABLE, null);
  }

  static TransferException unavailable(String message, Throwable cause) {
    return new TransferException(message, ExitCodes.UNAVAILABLE, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
