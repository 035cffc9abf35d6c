package io.kubekv.golang;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/** Durations as Go's {@code time} package reads and writes them: {@code 1h2m3.5s}. */
public final class GoDuration {
  private static final int LONGEST = 1000;
  private static final int LONGEST_SHOWN = 100;
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "\u00b5s", 1_000L,
          "\u03bcs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);
  private static final long SECOND = 1_000_000_000L;

  private GoDuration() {}

  /** A text that is no duration; the message is Go's. */
  public static final class BadDuration extends Exception {
    private static final long serialVersionUID = 1L;

    BadDuration(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The nanoseconds of {@code text}, which may be negative; a text of more than a thousand letters
   * is none.
   */
  public static long parseNanos(String text) throws BadDuration {
    if (text.length() > LONGEST) {
      throw new BadDuration(
          "time: invalid duration " + Quoted.of(text.substring(0, LONGEST_SHOWN) + "..."));
    }
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String unsigned = signed ? text.substring(1) : text;
    if (unsigned.equals("0")) {
      return 0;
    }
    long sum = new Reading(text, unsigned).sum();
    return text.startsWith("-") ? -sum : sum;
  }

  /** One text that is read, with Go's arithmetic (time/format.go, ParseDuration). */
  private static final class Reading {
    private final String text;
    private final String unsigned;
    private int at;

    Reading(String text, String unsigned) {
      this.text = text;
      this.unsigned = unsigned;
    }

    long sum() throws BadDuration {
      long sum = 0;
      do {
        sum += part();
        requireNoOverflow(sum);
      } while (at < unsigned.length());
      return sum;
    }

    private long part() throws BadDuration {
      String whole = digits();
      boolean point = at < unsigned.length() && unsigned.charAt(at) == '.';
      at += point ? 1 : 0;
      String fraction = point ? digits() : "";
      if (whole.isEmpty() && fraction.isEmpty()) {
        throw invalid();
      }
      long number = whole(whole);
      long unit = unit();
      if (number > Long.MAX_VALUE / unit) {
        throw invalid();
      }
      long nanos = number * unit + nanos(fraction, unit);
      requireNoOverflow(nanos);
      return nanos;
    }

    private String digits() {
      int from = at;
      while (at < unsigned.length() && isDigit(unsigned.charAt(at))) {
        at++;
      }
      return unsigned.substring(from, at);
    }

    private static boolean isDigit(char letter) {
      return '0' <= letter && letter <= '9';
    }

    private long whole(String digits) throws BadDuration {
      long number = 0;
      for (int i = 0; i < digits.length(); i++) {
        if (number > Long.MAX_VALUE / 10) {
          throw invalid();
        }
        number = number * 10 + digits.charAt(i) - '0';
        requireNoOverflow(number);
      }
      return number;
    }

    private long unit() throws BadDuration {
      int from = at;
      while (at < unsigned.length()
          && unsigned.charAt(at) != '.'
          && !isDigit(unsigned.charAt(at))) {
        at++;
      }
      String unit = unsigned.substring(from, at);
      if (unit.isEmpty()) {
        throw new BadDuration("time: missing unit in duration " + Quoted.of(text));
      }
      Long nanos = NANOS.get(unit);
      if (nanos == null) {
        throw new BadDuration(
            "time: unknown unit " + Quoted.of(unit) + " in duration " + Quoted.of(text));
      }
      return nanos;
    }

    /** Digits that a number of 64 bits has no room for do not count. */
    private static long nanos(String fraction, long unit) {
      long number = 0;
      double scale = 1;
      for (int i = 0; i < fraction.length() && number <= (Long.MAX_VALUE - 9) / 10; i++) {
        number = number * 10 + fraction.charAt(i) - '0';
        scale *= 10;
      }
      return (long) (number * (unit / scale));
    }

    private void requireNoOverflow(long sum) throws BadDuration {
      if (sum < 0) {
        throw invalid();
      }
    }

    private BadDuration invalid() {
      return new BadDuration("time: invalid duration " + Quoted.of(text));
    }
  }

  /** As {@code Duration.String}: {@code 1.5s}, {@code 24h0m0s}, {@code 250ms}. */
  public static String print(Duration duration) {
    long nanos = duration.toNanos();
    long size = Math.abs(nanos);
    String sign = nanos < 0 ? "-" : "";
    if (size == 0) {
      return "0s";
    }
    if (size < SECOND) {
      String unit = size < 1_000 ? "ns" : size < 1_000_000 ? "\u00b5s" : "ms";
      return sign + scaled(size, NANOS.getOrDefault(unit, 1L)) + unit;
    }
    long minutes = size / SECOND / 60;
    String hours = minutes >= 60 ? minutes / 60 + "h" : "";
    String rest = minutes > 0 ? minutes % 60 + "m" : "";
    return sign + hours + rest + scaled(size % (60 * SECOND), SECOND) + "s";
  }

  private static String scaled(long nanos, long unit) {
    return BigDecimal.valueOf(nanos)
        .divide(BigDecimal.valueOf(unit))
        .stripTrailingZeros()
        .toPlainString();
  }
}
