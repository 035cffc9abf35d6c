package io.kubekv.embedded;

/** The data directory could not be read or written; {@code diskFull} when for want of space. */
final class StorageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean diskFull;

  StorageException(String message, boolean diskFull, Throwable cause) {
    super(message, cause);
    this.diskFull = diskFull;
  }

  boolean diskFull() {
    return diskFull;
  }
}
