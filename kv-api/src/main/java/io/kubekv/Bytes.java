package io.kubekv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * An immutable run of bytes: a value as the store keeps it. Equality is by content; thread-safe.
 */
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of {@code content}; later changes to the array do not show. */
  public static Bytes copyOf(byte[] content) {
    return content.length == 0 ? EMPTY : new Bytes(content.clone());
  }

  /** The UTF-8 form of {@code text}. */
  public static Bytes utf8(String text) {
    return text.isEmpty() ? EMPTY : new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The bytes behind standard base64; {@link IllegalArgumentException} when it is not base64. */
  public static Bytes base64(String encoded) {
    return encoded.isEmpty() ? EMPTY : new Bytes(Base64.getDecoder().decode(encoded));
  }

  /** The length in bytes. */
  public int size() {
    return content.length;
  }

  /** A fresh copy of the content. */
  public byte[] toArray() {
    return content.clone();
  }

  /** A read-only view of the content, without copying. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(content).asReadOnlyBuffer();
  }

  /** The content as standard base64. */
  public String toBase64() {
    return Base64.getEncoder().encodeToString(content);
  }

  /** The content as text; empty when it is not valid UTF-8. */
  public Optional<String> asText() {
    String text = toText();
    return text.indexOf('\uFFFD') < 0 ? Optional.of(text) : decoded();
  }

  /** Tells a U+FFFD that was there from one that stands for what is not UTF-8. */
  private Optional<String> decoded() {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    }
  }

  /** The content as text, every invalid sequence shown as U+FFFD. */
  public String toText() {
    return new String(content, StandardCharsets.UTF_8);
  }

  /** By the first byte that differs, unsigned; what is only longer comes after. */
  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(content, that.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  /** The size only: values do not belong in logs. */
  @Override
  public String toString() {
    return content.length + " bytes";
  }
}
