package io.kubekv.server.http;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Bytes of an answer, ready to be sent to any number of clients. Immutable. */
public final class Payload {
  public static final Payload EMPTY = new Payload(Buffer.buffer(0));

  private final Buffer buffer;

  private Payload(Buffer buffer) {
    this.buffer = buffer;
  }

  /** A copy of the first {@code length} bytes. */
  public static Payload copyOf(byte[] bytes, int length) {
    return new Payload(Buffer.buffer(length).appendBytes(bytes, 0, length));
  }

  /** The UTF-8 form of {@code text}. */
  public static Payload utf8(String text) {
    return new Payload(Buffer.buffer(text.getBytes(StandardCharsets.UTF_8)));
  }

  public int size() {
    return buffer.length();
  }

  Buffer buffer() {
    return buffer;
  }
}
