package io.kubekv.transport.access;

/**
 * What somebody wants to do, as a verb of Kubernetes on a path that is no resource: there they are
 * the methods of HTTP, in lower case.
 */
public enum Verb {
  /** Read, list or watch. */
  GET("get"),
  /** Put, refresh, lock or release; begin or renew a session. */
  PUT("put"),
  /** Delete; end a session. */
  DELETE("delete");

  private final String text;

  Verb(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
