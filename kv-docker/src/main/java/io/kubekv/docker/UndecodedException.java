package io.kubekv.docker;

/** A value is not what Docker writes there. The message says why, for people; it is short. */
public final class UndecodedException extends Exception {
  private static final long serialVersionUID = 1L;

  UndecodedException(String why) {
    super(why);
  }

  /** Why. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
