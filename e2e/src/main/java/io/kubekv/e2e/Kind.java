package io.kubekv.e2e;

/** The kinds of request that the replay times apart. */
enum Kind {
  READ("reads"),
  LIST("lists"),
  WRITE("writes"),
  /**
   * From sending the change (or, when the event lay in the past, the watch) to holding the event.
   */
  WATCH("watches");

  private final String plural;

  Kind(String plural) {
    this.plural = plural;
  }

  String plural() {
    return plural;
  }
}
