package io.kubekv.cost;

import java.util.Locale;

/** What a figure counts. */
public enum Unit {
  PER_SECOND("1/s"),
  BYTES("B"),
  BYTES_PER_SECOND("B/s"),
  COUNT("1"),
  /** A part of one: 0.25 is a quarter. */
  SHARE("1");

  private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB"};

  private final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  /** For programs; the value is in exactly this. */
  public String symbol() {
    return symbol;
  }

  /** A value for people, three digits of it. */
  public String text(double value) {
    return switch (this) {
      case PER_SECOND -> number(value) + "/s";
      case BYTES -> bytes(value);
      case BYTES_PER_SECOND -> bytes(value) + "/s";
      case COUNT -> number(value);
      case SHARE -> number(value * 100) + " %";
    };
  }

  private static String bytes(double value) {
    double shown = value;
    int size = 0;
    while (shown >= 1023.5 && size < SIZES.length - 1) {
      shown /= 1024;
      size++;
    }
    return number(shown) + " " + SIZES[size];
  }

  private static String number(double value) {
    if (value == Math.rint(value) || value >= 100) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.4f", value);
  }
}
