package io.kubekv;

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
  REVISION(20);

  private final int digits;

  Naming(int digits) {
    this.digits = digits;
  }

  /** How many characters of the key the store chooses, at its end. */
  public int digits() {
    return digits;
  }

  /** What stands in a key for the characters that the store chooses. */
  String placeholder() {
    return "0".repeat(digits);
  }

  /** The end of a key that has this number. */
  private String end(long number) {
    String text = Long.toUnsignedString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  /** The key with the number in the place of what stands for it. */
  Key named(Key key, long number) {
    return this == GIVEN ? key : Key.of(beginning(key) + end(number));
  }

  /** What of the key is the caller's. */
  String beginning(Key key) {
    return key.text().substring(0, key.text().length() - digits);
  }
}
