package io.kubekv.golang;

import java.util.Optional;
import java.util.regex.Pattern;

/** Unsigned 64-bit numbers as Go's {@code strconv.ParseUint} reads them with base 10. */
public final class GoUint {
  /** Go takes any number of zeros in front; here they end somewhere. */
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,1000}");

  private GoUint() {}

  /** Empty when {@code text} is none, or has more than a thousand digits. */
  public static Optional<Long> parse(String text) {
    if (!DIGITS.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseUnsignedLong(text));
    } catch (NumberFormatException outOfRange) {
      return Optional.empty();
    }
  }
}
