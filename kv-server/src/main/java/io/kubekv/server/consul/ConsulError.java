package io.kubekv.server.consul;

/** An answer that is an error: a status and a text for people. */
final class ConsulError extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  ConsulError(int status, String text) {
    super(text, null, false, false);
    this.status = status;
  }

  Response response() {
    return Response.text(status, String.valueOf(getMessage()));
  }
}
