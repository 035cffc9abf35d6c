package io.kubekv.etcdv3.keys;

import com.google.protobuf.ByteString;
import io.kubekv.Key;
import io.kubekv.Prefix;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * etcd's keys are bytes and the port's are text without NUL; both are in the order of their bytes.
 * What is not such text is the key of nothing, but may be the bound of a range: then it stands
 * where the first key stands that is not before it.
 */
public final class Keys {
  /** The first of all keys. */
  public static final Key FIRST = Key.of("\u0001");

  private Keys() {}

  /** The key that these bytes are; empty when they can be none. */
  public static Optional<Key> of(ByteString bytes) {
    return !bytes.isEmpty() && bytes.isValidUtf8() && !contains(bytes, (byte) 0)
        ? Optional.of(Key.of(bytes.toStringUtf8()))
        : Optional.empty();
  }

  public static ByteString bytes(Key key) {
    return ByteString.copyFromUtf8(key.text());
  }

  /** The first key that is not before these bytes; empty when all keys are. */
  static Optional<Key> notBefore(ByteString bound) {
    if (bound.isEmpty()) {
      return Optional.of(FIRST);
    }
    Optional<Key> itself = of(bound);
    if (itself.isPresent()) {
      return itself;
    }
    int end = textEnd(bound);
    String text = bound.substring(0, end).toStringUtf8();
    Optional<String> next = characterAfter(bound.substring(end).toByteArray());
    return next.isPresent()
        ? next.map(character -> Key.of(text + character))
        : new Prefix(text).behind();
  }

  /** How many bytes at the beginning are whole characters, none of them NUL. */
  private static int textEnd(ByteString bytes) {
    int end = 0;
    while (end < bytes.size()) {
      int length = length(bytes.byteAt(end));
      boolean whole =
          length > 0
              && end + length <= bytes.size()
              && bytes.byteAt(end) != 0
              && bytes.substring(end, end + length).isValidUtf8();
      if (!whole) {
        return end;
      }
      end += length;
    }
    return end;
  }

  /** How many bytes the character has that begins so; 0 when none does. */
  private static int length(byte first) {
    int bits = first & 0xff;
    if (bits < 0x80) {
      return 1;
    }
    return bits < 0xc2 ? 0 : bits < 0xe0 ? 2 : bits < 0xf0 ? 3 : bits < 0xf5 ? 4 : 0;
  }

  /** The first character behind bytes that begin with none: characters are ordered as numbers. */
  private static Optional<String> characterAfter(byte[] bytes) {
    int low = 1;
    int high = Character.MAX_CODE_POINT + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(utf8(middle), bytes) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    boolean surrogate = low >= Character.MIN_SURROGATE && low <= Character.MAX_SURROGATE;
    int found = surrogate ? Character.MAX_SURROGATE + 1 : low;
    return found > Character.MAX_CODE_POINT
        ? Optional.empty()
        : Optional.of(Character.toString(found));
  }

  /** As if surrogates were characters, so that the order has no hole. */
  private static byte[] utf8(int number) {
    if (number >= Character.MIN_SURROGATE && number <= Character.MAX_SURROGATE) {
      return new byte[] {
        (byte) (0xe0 | number >> 12),
        (byte) (0x80 | number >> 6 & 0x3f),
        (byte) (0x80 | number & 0x3f)
      };
    }
    return Character.toString(number).getBytes(StandardCharsets.UTF_8);
  }

  private static boolean contains(ByteString bytes, byte wanted) {
    for (int i = 0; i < bytes.size(); i++) {
      if (bytes.byteAt(i) == wanted) {
        return true;
      }
    }
    return false;
  }
}
