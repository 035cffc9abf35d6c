package io.kubekv.k8s.form;

import io.kubekv.Key;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The name of the object that shows a key: {@code k} and the lower-case base32hex form (RFC 4648,
 * no padding) of the SHA-256 of the key's UTF-8 bytes, 53 characters in all.
 *
 * <p>Total (every key has one), of fixed length, a DNS label, and without collisions by case. It
 * does not lead back to the key: that stands in the object and is checked against the name whenever
 * an object is read.
 */
final class ObjectNames {
  private static final String ALPHABET = "0123456789abcdefghijklmnopqrstuv";

  private ObjectNames() {}

  static String of(Key key) {
    byte[] hash = sha256(key.text().getBytes(StandardCharsets.UTF_8));
    StringBuilder name = new StringBuilder(53).append('k');
    int buffer = 0;
    int bits = 0;
    for (byte next : hash) {
      buffer = (buffer << 8) | (next & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        name.append(ALPHABET.charAt((buffer >>> bits) & 31));
      }
    }
    return name.append(ALPHABET.charAt((buffer << (5 - bits)) & 31)).toString();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
