package io.kubekv.server.golang;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go's {@code time} package reads and writes them: {@code 1h2m3.5s}. */
public final class GoDuration {
  private static final Pattern PART = Pattern.compile("(\\d*)(\\.\\d*)?([^\\d.]*)");
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

  /** The nanoseconds of {@code text}, which may be negative. */
  public static long parseNanos(String text) throws BadDuration {
    String unsigned = text.replaceFirst("^[-+]", "");
    if (unsigned.equals("0")) {
      return 0;
    }
    BigInteger sum = BigInteger.ZERO;
    Matcher parts = PART.matcher(unsigned);
    int at = 0;
    while (at < unsigned.length() && parts.find(at)) {
      sum = sum.add(part(text, parts));
      at = parts.end();
    }
    if (unsigned.isEmpty() || sum.bitLength() > 63) {
      throw invalid(text);
    }
    return (text.startsWith("-") ? sum.negate() : sum).longValueExact();
  }

  private static BigInteger part(String text, Matcher part) throws BadDuration {
    String fraction = part.group(2) == null ? "" : part.group(2).substring(1);
    String unit = part.group(3);
    if (part.group(1).isEmpty() && fraction.isEmpty()) {
      throw invalid(text);
    }
    if (unit.isEmpty()) {
      throw new BadDuration("time: missing unit in duration " + Quoted.of(text));
    }
    Long nanos = NANOS.get(unit);
    if (nanos == null) {
      throw new BadDuration(
          "time: unknown unit " + Quoted.of(unit) + " in duration " + Quoted.of(text));
    }
    return new BigDecimal("0" + part.group(1) + "." + fraction + "0")
        .multiply(BigDecimal.valueOf(nanos))
        .toBigInteger();
  }

  private static BadDuration invalid(String text) {
    return new BadDuration("time: invalid duration " + Quoted.of(text));
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
