package io.kubekv.page;

/** A request that is answered with a page that says what is wrong. */
final class PageError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  PageError(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** What is asked for in a way that has no meaning. */
  static PageError bad(String message) {
    return new PageError(400, message);
  }

  String words() {
    return String.valueOf(getMessage());
  }
}
