package io.kubekv;

import java.util.Locale;

/**
 * Who says how the key of a put ends. Where the store does, it chooses in the moment of the change,
 * so that of two puts the one that happens later has the later name, whichever was asked for first.
 */
public enum Naming {
  /** The caller: the key is the one that is given. */
  GIVEN(0),
  /**
   * The store: the revision of the put, as 20 digits (etcd v2's in-order keys). Of several in one
   * transaction only the first finds its key absent.
   */
  REVISION(20),
  /**
   * The store: how many nodes were made in the same directory before (ZooKeeper's sequential
   * nodes), those that are deleted by now as well, as ten digits; of a number that an {@code int}
   * does not hold, what it then shows, with its sign. Where a key with the same beginning and that
   * number or a higher one is there, which somebody named or an import brought, the number is that
   * after the highest; with {@link Layout#NODES} a node that is implied is there, too. The entry is
   * always a new one: should the name be there nevertheless, the put is refused as {@link
   * Refused.Reason#EXISTS}, whatever its precondition.
   *
   * <p>A directory is what keys share up to and with their last {@code /}. {@link DirectoryLookup}
   * says what is counted of it, and for how long.
   */
  SEQUENCE(10);

  private final int digits;

  Naming(int digits) {
    this.digits = digits;
  }

  /**
   * How many characters of the key the store chooses, at its end; one more in the one case of the
   * lowest number of an {@code int}.
   */
  public int digits() {
    return digits;
  }

  /** What stands in a key for the characters that the store chooses. */
  String placeholder() {
    return "0".repeat(digits);
  }

  /** The end of a key that has this number. */
  private String end(long number) {
    return switch (this) {
      case GIVEN -> "";
      case REVISION -> {
        String text = Long.toUnsignedString(number);
        yield "0".repeat(digits - text.length()) + text;
      }
      case SEQUENCE -> String.format(Locale.ROOT, "%010d", (int) number);
    };
  }

  /** The key with the number in the place of what stands for it. */
  Key named(Key key, long number) {
    return Key.of(beginning(key) + end(number));
  }

  /** What of the key is the caller's. */
  String beginning(Key key) {
    return key.text().substring(0, key.text().length() - digits);
  }
}
