package io.kubekv.embedded;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads protobuf fields one after the other. Every method throws {@link BufferUnderflowException}
 * when the bytes end too early. Not thread safe.
 */
final class ProtoReader {
  private static final int MAX_VARINT_BITS = 64;

  private final ByteBuffer in;
  private int wireType;

  ProtoReader(ByteBuffer in) {
    this.in = in;
  }

  boolean hasMore() {
    return in.hasRemaining();
  }

  /** Steps to the next field; returns its number. */
  int nextField() {
    long tag = readVarint();
    wireType = (int) (tag & 7);
    return (int) (tag >>> 3);
  }

  /** The value of a field of variable length: a string, bytes or a message. */
  ByteBuffer readBytes() {
    requireWireType(2);
    long length = readVarint();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer value = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return value;
  }

  String readString() {
    return StandardCharsets.UTF_8.decode(readBytes()).toString();
  }

  long readInt64() {
    requireWireType(0);
    return readVarint();
  }

  private void requireWireType(int expected) {
    if (wireType != expected) {
      throw new BufferUnderflowException();
    }
  }

  private long readVarint() {
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new BufferUnderflowException();
  }
}
