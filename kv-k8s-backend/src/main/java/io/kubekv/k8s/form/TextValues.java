package io.kubekv.k8s.form;

import io.kubekv.Bytes;
import java.util.Optional;

/**
 * Which values are stored as text, so that people can read and edit them: valid UTF-8 without NUL
 * (which etcd's and Go's tools mishandle). A large text that escaping would make longer than base64
 * is not: the API's etcd takes 1.5 MiB per object, and a MiB of {@code <} would be six.
 */
final class TextValues {
  private static final int LARGE = 256 << 10;

  private TextValues() {}

  static Optional<String> asText(Bytes value) {
    return value.asText().filter(text -> text.indexOf(0) < 0 && isSmallEnough(value, text));
  }

  private static boolean isSmallEnough(Bytes value, String text) {
    return value.size() <= LARGE || value.size() + escapes(text) <= value.size() / 3L * 4;
  }

  /** The bytes that escaping adds, as kube-apiserver escapes when it stores. */
  private static long escapes(String text) {
    return text.chars().mapToLong(TextValues::escapes).sum();
  }

  private static long escapes(int c) {
    return switch (c) {
      case '"', '\\', '\n', '\r', '\t' -> 1;
      case '<', '>', '&' -> 5;
      case '\u2028', '\u2029' -> 3;
      default -> c < ' ' ? 5 : 0;
    };
  }
}
