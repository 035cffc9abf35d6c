package io.kubekv.transport.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** A request's body while it arrives. Used by one thread at a time. */
final class Body {
  private static final int FIRST_BYTES = 4096;

  private final int most;
  private byte[] bytes;
  private int size;

  /**
   * @param most bytes that it may have; memory is taken for those that come
   */
  Body(int most) {
    this.most = most;
    this.bytes = new byte[Math.min(most, FIRST_BYTES)];
  }

  int size() {
    return size;
  }

  /** Whether no more may come. */
  boolean isFull() {
    return size == most;
  }

  /** Adds what has arrived; false when it is too much, and then nothing was added. */
  boolean add(Buffer chunk) {
    int after = size + chunk.length();
    if (after > most) {
      return false;
    }
    if (after > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.clamp(2L * bytes.length, after, most));
    }
    chunk.getBytes(bytes, size);
    size = after;
    return true;
  }

  /**
   * All that has arrived. It is given away: nothing may be added later, and it is asked for once.
   */
  byte[] whole() {
    byte[] whole = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    bytes = new byte[0];
    return whole;
  }
}
