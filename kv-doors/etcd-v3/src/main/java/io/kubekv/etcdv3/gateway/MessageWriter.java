package io.kubekv.etcdv3.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.kubekv.transport.http.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Writes messages as etcd's gateway does (protobuf-go 1.36, protojson/encode.go with the names of
 * the protos): what is 0 or empty is left out, numbers of 64 bits are texts, bytes are base64.
 */
final class MessageWriter {
  /** About what stands around the values of a key. */
  private static final int AROUND = 512;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final boolean inHtml;
  private byte[] out;
  private int length;

  private MessageWriter(boolean inHtml, long expected) {
    this.inHtml = inHtml;
    this.out = new byte[(int) Math.min(expected, 1 << 30)];
  }

  /** A message alone. */
  static Payload answer(Message message) {
    MessageWriter writer = new MessageWriter(false, expected(message));
    writer.message(message);
    return writer.payload();
  }

  private static long expected(Message message) {
    return message.getSerializedSize() * 3L / 2 + AROUND;
  }

  /** A message as one of a stream; Go's own writer puts it there, which escapes more. */
  static Payload result(Message message) {
    MessageWriter writer = new MessageWriter(true, expected(message));
    writer.raw("{\"result\":");
    writer.message(message);
    writer.raw("}\n");
    return writer.payload();
  }

  /** How a call failed. */
  static Payload error(int code, String text) {
    MessageWriter writer = new MessageWriter(false, AROUND);
    writer.status(code, text);
    return writer.payload();
  }

  /** How a stream ended. */
  static Payload streamError(int code, String text) {
    MessageWriter writer = new MessageWriter(true, AROUND);
    writer.raw("{\"error\":");
    writer.status(code, text);
    writer.raw("}\n");
    return writer.payload();
  }

  private Payload payload() {
    return Payload.of(out, length);
  }

  private void status(int code, String text) {
    raw("{\"code\":" + code);
    if (!text.isEmpty()) {
      raw(",\"message\":");
      string(text);
    }
    raw("}");
  }

  private void message(Message message) {
    String before = "{";
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean given =
          field.isRepeated() ? message.getRepeatedFieldCount(field) > 0 : message.hasField(field);
      if (given) {
        raw(before);
        raw("\"" + field.getName() + "\":");
        field(field, message.getField(field));
        before = ",";
      }
    }
    raw(before.equals("{") ? "{}" : "}");
  }

  private void field(FieldDescriptor field, Object value) {
    if (!field.isRepeated()) {
      value(field, value);
      return;
    }
    String before = "[";
    for (Object each : (List<?>) value) {
      raw(before);
      value(field, each);
      before = ",";
    }
    raw("]");
  }

  private void value(FieldDescriptor field, Object value) {
    switch (field.getType()) {
      case MESSAGE -> message((Message) value);
      case STRING -> string((String) value);
      case BYTES -> bytes((ByteString) value);
      case INT64 -> raw("\"" + value + "\"");
      case UINT64 -> raw("\"" + Long.toUnsignedString((Long) value) + "\"");
      case UINT32 -> raw(Integer.toUnsignedString((Integer) value));
      case ENUM -> enumeration((EnumValueDescriptor) value);
      case INT32, BOOL -> raw(value.toString());
      default -> throw new IllegalStateException("etcd has no fields like " + field);
    }
  }

  private void enumeration(EnumValueDescriptor value) {
    boolean named = value.getType().findValueByNumber(value.getNumber()) != null;
    raw(named ? "\"" + value.getName() + "\"" : String.valueOf(value.getNumber()));
  }

  private void bytes(ByteString bytes) {
    byte[] base64 = Base64.getEncoder().encode(bytes.toByteArray());
    raw("\"");
    append(base64);
    raw("\"");
  }

  private void string(String text) {
    raw("\"");
    int plain = 0;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (isSpecial(c)) {
        append(text.substring(plain, at).getBytes(StandardCharsets.UTF_8));
        escape(c);
        plain = at + 1;
      }
    }
    append(text.substring(plain).getBytes(StandardCharsets.UTF_8));
    raw("\"");
  }

  private boolean isSpecial(char c) {
    return c < ' '
        || c == '"'
        || c == '\\'
        || inHtml && (c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029');
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> raw("\\" + c);
      case '\b' -> raw("\\b");
      case '\f' -> raw("\\f");
      case '\n' -> raw("\\n");
      case '\r' -> raw("\\r");
      case '\t' -> raw("\\t");
      default -> {
        raw("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          append(new byte[] {HEX[c >> shift & 15]});
        }
      }
    }
  }

  /** ASCII as it stands. */
  private void raw(String ascii) {
    append(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  private void append(byte[] more) {
    int needed = Math.addExact(length, more.length);
    if (needed > out.length) {
      out =
          Arrays.copyOf(
              out, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, out.length * 3L / 2)));
    }
    System.arraycopy(more, 0, out, length, more.length);
    length = needed;
  }
}
