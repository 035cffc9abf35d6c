package io.kubekv.e2e.consul;

/**
 * How to read.
 *
 * @param index the index behind which to wait, 0 for not at all
 * @param seconds how long to wait
 * @param mode {@code default}, {@code consistent} or {@code stale}
 * @param datacenter empty for the server's own
 */
record Query(long index, int seconds, String mode, String datacenter) {
  static final Query PLAIN = new Query(0, 0, "default", "");

  static Query behind(long index, int seconds) {
    return new Query(index, seconds, "default", "");
  }

  static Query in(String mode) {
    return new Query(0, 0, mode, "");
  }

  static Query at(String datacenter) {
    return new Query(0, 0, "default", datacenter);
  }
}
