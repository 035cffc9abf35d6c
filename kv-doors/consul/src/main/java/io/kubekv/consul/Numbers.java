package io.kubekv.consul;

import io.kubekv.golang.GoUint;
import io.kubekv.golang.Quoted;
import java.util.Optional;
import java.util.regex.Pattern;

/** Unsigned numbers as Go's {@code strconv.ParseUint} reads them. */
final class Numbers {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  private Numbers() {}

  /** Empty when {@code text} is no unsigned 64-bit number. */
  static Optional<Long> parse(String text) {
    return GoUint.parse(text);
  }

  /** As {@link #parse}; what is no number is an error of the server, as Consul has it. */
  static long require(String text) throws ConsulError {
    Optional<Long> number = parse(text);
    if (number.isPresent()) {
      return number.get();
    }
    String what = DIGITS.matcher(text).matches() ? "value out of range" : "invalid syntax";
    throw new ConsulError(500, "strconv.ParseUint: parsing " + Quoted.of(text) + ": " + what);
  }
}
