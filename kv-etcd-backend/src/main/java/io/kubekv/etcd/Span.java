package io.kubekv.etcd;

import com.google.protobuf.ByteString;

/**
 * Keys of etcd from one on.
 *
 * @param from the first
 * @param end the first behind them; empty when it is the one key
 */
record Span(ByteString from, ByteString end) {
  static Span of(ByteString key) {
    return new Span(key, ByteString.EMPTY);
  }

  boolean isOneKey() {
    return end.isEmpty();
  }
}
