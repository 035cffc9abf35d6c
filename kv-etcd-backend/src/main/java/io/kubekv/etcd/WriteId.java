package io.kubekv.etcd;

/**
 * Names one write of one process, so that its event tells that it was applied.
 *
 * @param process random for each store object
 * @param number counted by it
 */
record WriteId(String process, long number) {
  /** {@link IllegalArgumentException} when it is none. */
  static WriteId parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      throw new IllegalArgumentException("not a write id: " + text);
    }
    return new WriteId(text.substring(0, dash), Long.parseLong(text.substring(dash + 1)));
  }

  @Override
  public String toString() {
    return process + "-" + number;
  }
}
