package io.kubekv.consul;

/** An answer that is an error: a status and a text for people. */
final class ConsulError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final boolean endsConnection;

  ConsulError(int status, String text) {
    this(status, text, false);
  }

  private ConsulError(int status, String text, boolean endsConnection) {
    super(text, null, false, false);
    this.status = status;
    this.endsConnection = endsConnection;
  }

  /** An error because of a body that Consul has not read: Go's server ends the connection. */
  static ConsulError unread(int status, String text) {
    return new ConsulError(status, text, true);
  }

  boolean endsConnection() {
    return endsConnection;
  }

  Response response() {
    return Response.text(status, String.valueOf(getMessage()));
  }
}
