package io.kubekv.embedded;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes protobuf fields. Not thread safe. */
final class ProtoWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH_DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  void writeBool(int field, boolean value) {
    writeInt64(field, value ? 1 : 0);
  }

  void writeInt64(int field, long value) {
    writeVarint(tag(field, VARINT));
    writeVarint(value);
  }

  void writeDouble(int field, double value) {
    writeVarint(tag(field, FIXED64));
    long bits = Double.doubleToLongBits(value);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      out.write((int) (bits >>> shift));
    }
  }

  void writeString(int field, String value) {
    writeBytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** A nested message, or bytes. */
  void writeBytes(int field, byte[] value) {
    writeVarint(tag(field, LENGTH_DELIMITED));
    writeVarint(value.length);
    out.writeBytes(value);
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private static long tag(int field, int wireType) {
    return ((long) field << 3) | wireType;
  }

  private void writeVarint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
