package io.kubekv.transport.http;

import io.kubekv.transport.limits.Unsent;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;

/** Bytes of an answer, ready to be sent to any number of clients. Immutable. */
public final class Payload {
  public static final Payload EMPTY = new Payload(Buffer.buffer(0));

  private final Buffer buffer;
  private final Unsent.Shared shared;

  private Payload(Buffer buffer) {
    this.buffer = buffer;
    this.shared = new Unsent.Shared(buffer.length());
  }

  /** These bytes, which must not be changed any more. */
  public static Payload of(byte[] bytes) {
    return of(bytes, bytes.length);
  }

  /** The first {@code length} of these bytes, which must not be changed any more. */
  public static Payload of(byte[] bytes, int length) {
    return new Payload(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes, 0, length)));
  }

  /** The UTF-8 form of {@code text}. */
  public static Payload utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  public int size() {
    return buffer.length();
  }

  /** Its bytes as those who send them count them. */
  Unsent.Shared shared() {
    return shared;
  }

  Buffer buffer() {
    return buffer;
  }
}
