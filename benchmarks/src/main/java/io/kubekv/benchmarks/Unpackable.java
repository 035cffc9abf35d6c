package io.kubekv.benchmarks;

import java.util.SplittableRandom;

/** Values that hardly compress, as the cost model takes them; printable, and the same each run. */
final class Unpackable {
  /** Neither a form nor JSON, nor etcd's way of writing JSON, has to escape one of these. */
  private static final String ALPHABET =
      "!$()*,-./0123456789:=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

  private Unpackable() {}

  /**
   * @param number gives each value its own
   */
  static String value(int number, int bytes) {
    SplittableRandom random = new SplittableRandom(number);
    StringBuilder text = new StringBuilder(bytes);
    while (text.length() < bytes) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
