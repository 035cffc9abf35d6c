package io.kubekv.engine.log;

/**
 * What stands there was written by a later version, which this one cannot read. Nothing is damaged,
 * and nothing helps but to run that version: so nobody between the reader and the engine decides
 * about it. The message says which.
 */
public final class NewerVersionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NewerVersionException(String message) {
    super(message);
  }
}
