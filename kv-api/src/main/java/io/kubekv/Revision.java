package io.kubekv;

/**
 * A point in the one order of a store's changes: an unsigned 64-bit number, compared as such. What
 * one call changes has one revision, and the next call that changes something the next number.
 * {@link #ZERO} stands before the first, which is that of the store's beginning.
 *
 * @param value the number; bit 63 is part of it
 */
public record Revision(long value) implements Comparable<Revision> {
  public static final Revision ZERO = new Revision(0);

  /** Parses an unsigned decimal; {@link NumberFormatException} when it is none or over 2^64-1. */
  public static Revision parse(String decimal) {
    return new Revision(Long.parseUnsignedLong(decimal));
  }

  /** The number directly after this one. */
  public Revision next() {
    return new Revision(value + 1);
  }

  public boolean isAfter(Revision other) {
    return compareTo(other) > 0;
  }

  public boolean isBefore(Revision other) {
    return compareTo(other) < 0;
  }

  /** The later of the two. */
  public static Revision max(Revision a, Revision b) {
    return a.isAfter(b) ? a : b;
  }

  @Override
  public int compareTo(Revision other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** The unsigned decimal. */
  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
