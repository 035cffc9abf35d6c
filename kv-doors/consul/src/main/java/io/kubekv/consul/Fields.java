package io.kubekv.consul;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of JSON objects as Consul does (mapstructure: names in any case, null is as if
 * it were not there), and keeps what is wrong with them, to tell it all at once. Numbers are those
 * of a float, but exact as long as they have no fraction.
 */
final class Fields {
  private static final BigDecimal FIRST_TOO_LARGE =
      new BigDecimal(BigInteger.ONE.shiftLeft(Long.SIZE));

  private final List<String> wrong = new ArrayList<>();

  /**
   * A text.
   *
   * @param path what errors call the field
   * @param type what Consul calls the type of the field
   */
  Optional<String> text(@Nullable JsonNode value, String path, String type) {
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (value.isString()) {
      return Optional.of(value.stringValue());
    }
    unconvertible(value, path, type);
    return Optional.empty();
  }

  /** A list of texts; absent when it is not there, empty when it is null. */
  Optional<List<String>> texts(@Nullable JsonNode value, String path, String type) {
    if (value == null) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        texts.add(text(value.get(i), path + "[" + i + "]", type).orElse(""));
      }
    } else if (!value.isNull()) {
      wrong.add(
          "'" + path + "': source data must be an array or slice, got " + GoValue.kind(value));
    }
    return Optional.of(texts);
  }

  /** An unsigned 64-bit number, what is behind its point left out; 0 when it is not there. */
  long unsigned(@Nullable JsonNode value, String path) {
    if (value == null || value.isNull()) {
      return 0;
    }
    if (!value.isNumber()) {
      unconvertible(value, path, "uint64");
      return 0;
    }
    if (!value.isIntegralNumber() && Double.isInfinite(value.doubleValue())) {
      wrong.add("cannot parse '" + path + "', which is too large for a number");
      return 0;
    }
    BigDecimal number =
        value.isIntegralNumber()
            ? new BigDecimal(value.bigIntegerValue())
            : new BigDecimal(value.doubleValue());
    if (number.signum() < 0 || number.compareTo(FIRST_TOO_LARGE) >= 0) {
      String shown = number.setScale(6, RoundingMode.HALF_EVEN).toPlainString();
      wrong.add("cannot parse '" + path + "', " + shown + " overflows uint");
      return 0;
    }
    return number.toBigInteger().longValue();
  }

  /** Whether an object is there. */
  boolean isObject(@Nullable JsonNode value, String path) {
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isObject()) {
      wrong.add("'" + path + "' expected a map, got '" + GoValue.kind(value) + "'");
    }
    return value.isObject();
  }

  /** It is of a type that the field cannot have. */
  void unconvertible(JsonNode value, String path, String type) {
    String found = GoValue.type(value);
    wrong.add(
        "'" + path + "' expected type '" + type + "', got unconvertible type '" + found + "'");
  }

  /**
   * Refuses the request if anything was wrong.
   *
   * @param failed what Consul says in front of it
   */
  void failOnWrongOnes(String failed) throws ConsulError {
    if (!wrong.isEmpty()) {
      wrong.sort(null);
      String all = wrong.size() + " error(s) decoding:\n\n* " + String.join("\n* ", wrong);
      throw new ConsulError(400, failed + all);
    }
  }
}
