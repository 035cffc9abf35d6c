package io.kubekv.zookeeper.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Addresses that begin with the same bits, or one. In digits alone: nobody is asked for a name's.
 *
 * @param first not changed by anybody
 * @param bits how many of them count
 */
record Addresses(byte[] first, int bits) {
  /** In digits: eight groups of four, the last two as four bytes. */
  private static final int LONGEST = 45;

  private static final int BYTES = 4;
  private static final int MOST_DIGITS = 3;

  /** An address, or one and how many bits of it count; empty when it is none. */
  static Optional<Addresses> parse(String text) {
    int slash = text.indexOf('/');
    Optional<byte[]> address = address(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    byte[] first = address.get();
    int most = first.length * Byte.SIZE;
    int bits = slash < 0 ? most : number(text, slash + 1, text.length());
    return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Addresses(first, bits));
  }

  /** Whether these hold another's first. */
  boolean contains(Addresses other) {
    byte[] address = other.first;
    if (address.length != first.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % Byte.SIZE);
      if ((address[i / Byte.SIZE] & mask) != (first[i / Byte.SIZE] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static Optional<byte[]> address(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    return text.indexOf(':') < 0 ? fourBytes(text) : sixteenBytes(text);
  }

  private static Optional<byte[]> sixteenBytes(String text) {
    boolean digits = text.chars().allMatch(c -> c == ':' || c == '.' || isHexDigit(c));
    if (!digits || text.charAt(0) == '.') {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text).getAddress()); // a colon is in no name
    } catch (UnknownHostException notOne) {
      return Optional.empty();
    }
  }

  private static boolean isHexDigit(int c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
  }

  private static Optional<byte[]> fourBytes(String text) {
    byte[] bytes = new byte[BYTES];
    int start = 0;
    for (int i = 0; i < BYTES; i++) {
      int dot = text.indexOf('.', start);
      boolean isLast = i == BYTES - 1;
      if (isLast == dot >= 0) {
        return Optional.empty();
      }
      int end = isLast ? text.length() : dot;
      int number = number(text, start, end);
      if (number < 0 || number > 0xff) {
        return Optional.empty();
      }
      bytes[i] = (byte) number;
      start = end + 1;
    }
    return Optional.of(bytes);
  }

  /** Of one to three digits; -1 when it is none. */
  private static int number(String text, int start, int end) {
    if (end <= start || end - start > MOST_DIGITS) {
      return -1;
    }
    int number = 0;
    for (int i = start; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
