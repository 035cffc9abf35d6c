package io.kubekv.embedded;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The {@code format} keyword. A format that kube-apiserver enforces and this server does not is
 * refused by name when the schema arrives; one that kube-apiserver does not know says nothing to it
 * either.
 */
final class SchemaFormats {
  private static final Pattern UUID =
      Pattern.compile("(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$");
  private static final Pattern IPV4 =
      Pattern.compile("^((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}$");
  private static final Pattern DURATION =
      Pattern.compile("^([0-9]+(\\.[0-9]+)?\\s*(ns|us|µs|ms|s|m|h|d|w)\\s*)+$");

  private static final Map<String, Predicate<JsonNode>> KNOWN =
      Map.of(
          "int32", number(JsonNode::canConvertToInt),
          "int64", number(JsonNode::canConvertToLong),
          "byte", text(SchemaFormats::isBase64),
          "date", text(SchemaFormats::isDate),
          "date-time", text(SchemaFormats::isDateTime),
          "duration", text(t -> DURATION.matcher(t).matches()),
          "uuid", text(t -> UUID.matcher(t).matches()),
          "ipv4", text(t -> IPV4.matcher(t).matches()));

  /** Enforced by kube-apiserver, not by this server. */
  private static final Set<String> REFUSED =
      Set.of(
          "bsonobjectid",
          "uri",
          "email",
          "hostname",
          "ipv6",
          "cidr",
          "mac",
          "uuid3",
          "uuid4",
          "uuid5",
          "isbn",
          "isbn10",
          "isbn13",
          "creditcard",
          "ssn",
          "hexcolor",
          "rgbcolor");

  private SchemaFormats() {}

  /** Whether schemas that use this format must be refused. */
  static boolean isRefused(String format) {
    return REFUSED.contains(format);
  }

  /** The rule of a format; empty when the format says nothing about values. */
  static Optional<SchemaNode.Check> check(String format) {
    return Optional.ofNullable(KNOWN.get(format))
        .map(
            holds ->
                (value, path, errors) -> {
                  if (!holds.test(value)) {
                    errors.add(
                        FieldError.invalid(
                            path.toString(),
                            value,
                            "%s in body must be of type %s: %s"
                                .formatted(path, format, Statuses.quote(value.asString("")))));
                  }
                });
  }

  private static Predicate<JsonNode> number(Predicate<JsonNode> holds) {
    return value -> !value.isIntegralNumber() || holds.test(value);
  }

  private static Predicate<JsonNode> text(Predicate<String> holds) {
    return value -> !value.isString() || holds.test(value.asString());
  }

  private static boolean isBase64(String text) {
    try {
      return text.length() % 4 == 0 && Base64.getDecoder().decode(text) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text).getYear() >= 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static boolean isDateTime(String text) {
    try {
      return isUsualTime(text) || OffsetDateTime.parse(text).getYear() >= 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** Whether it is a time as the API itself writes it: most are, and every object has one. */
  private static boolean isUsualTime(String text) {
    return text.length() == 20
        && isNumber(text, 0, "0000", "9999", '-')
        && isNumber(text, 5, "01", "12", '-')
        && isNumber(text, 8, "01", "28", 'T')
        && isNumber(text, 11, "00", "23", ':')
        && isNumber(text, 14, "00", "59", ':')
        && isNumber(text, 17, "00", "59", 'Z');
  }

  /** Whether digits stand at a place, between two bounds as long as they are, and what behind. */
  private static boolean isNumber(String text, int at, String least, String most, char behind) {
    int end = at + least.length();
    for (int i = at; i < end; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    String digits = text.substring(at, end);
    return digits.compareTo(least) >= 0
        && digits.compareTo(most) <= 0
        && text.charAt(end) == behind;
  }
}
