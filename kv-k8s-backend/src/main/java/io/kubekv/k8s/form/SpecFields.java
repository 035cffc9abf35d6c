package io.kubekv.k8s.form;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of one {@code spec}, each taken out once in the form it must have; {@link
 * IllegalArgumentException} names the field that has another. Values are not in the messages.
 */
final class SpecFields {
  private final Map<String, Object> fields;

  /** Takes {@code fields} over: strings, longs and booleans by name; anything else is refused. */
  SpecFields(Map<String, Object> fields) {
    this.fields = fields;
  }

  Optional<String> text(String name) {
    return take(name, String.class, "a string");
  }

  String required(String name) {
    return text(name)
        .orElseThrow(() -> new IllegalArgumentException("spec." + name + " is missing"));
  }

  Optional<Long> number(String name) {
    return take(name, Long.class, "an integer");
  }

  /** An unsigned 64-bit number in its decimal form. */
  Optional<Long> unsigned(String name) {
    return text(name).map(decimal -> unsigned(name, decimal));
  }

  /** Seconds with up to nine digits behind the point, and an {@code s}. */
  Optional<Duration> duration(String name) {
    return text(name).map(seconds -> duration(name, seconds));
  }

  /** Fails when a field was not taken: it is none of those we know. */
  void requireNoMore() {
    for (String unknown : fields.keySet()) {
      throw new IllegalArgumentException("spec." + unknown + " is not known here");
    }
  }

  private static long unsigned(String name, String decimal) {
    try {
      return Long.parseUnsignedLong(decimal);
    } catch (NumberFormatException notOne) {
      throw new IllegalArgumentException("spec." + name + " is not an unsigned 64-bit number");
    }
  }

  private static Duration duration(String name, String seconds) {
    try {
      if (seconds.chars().noneMatch(SpecFields::isSignOrOtherUnit)) {
        return Duration.parse("PT" + seconds);
      }
    } catch (DateTimeException notOne) {
      // said below
    }
    throw new IllegalArgumentException("spec." + name + " is not seconds with an s behind");
  }

  /** What {@link Duration#parse} would take too. */
  private static boolean isSignOrOtherUnit(int c) {
    return (c < '0' || c > '9') && c != '.' && c != 's';
  }

  private <T> Optional<T> take(String name, Class<T> form, String inWords) {
    Object value = fields.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!form.isInstance(value)) {
      throw new IllegalArgumentException("spec." + name + " is not " + inWords);
    }
    return Optional.of(form.cast(value));
  }
}
