package io.kubekv.consul;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What Go's library calls and prints a value that came from JSON: Consul's errors show it. */
final class GoValue {
  /** Of what is printed: enough to find a mistake. */
  private static final int LONGEST_PRINTED = 1_000;

  private static final int FIRST_EXPONENT = 21;
  private static final int LAST_NEGATIVE_EXPONENT = -4;

  private final StringBuilder printed = new StringBuilder();

  private GoValue() {}

  /** Its type. */
  static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case NUMBER -> "float64";
      case BOOLEAN -> "bool";
      case ARRAY -> "[]interface {}";
      case OBJECT -> "map[string]interface {}";
      default -> "<nil>";
    };
  }

  /** Its kind, which is less than its type. */
  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "slice";
      case OBJECT -> "map";
      default -> type(value);
    };
  }

  /** As {@code fmt}'s verb {@code %t} prints it, which is for nothing but true and false. */
  static String asBoolean(JsonNode value) {
    if (value.isNull()) {
      return "%!t(<nil>)";
    }
    GoValue print = new GoValue();
    print.value(value);
    return print.printed.length() > LONGEST_PRINTED
        ? print.printed.substring(0, LONGEST_PRINTED) + "..."
        : print.printed.toString();
  }

  private void value(JsonNode value) {
    if (printed.length() > LONGEST_PRINTED) {
      return;
    }
    switch (value.getNodeType()) {
      case STRING -> printed.append("%!t(string=").append(value.stringValue()).append(')');
      case NUMBER -> printed.append("%!t(float64=").append(number(value.doubleValue())).append(')');
      case ARRAY -> list(value);
      case OBJECT -> map(value);
      default -> printed.append(value.isNull() ? "<nil>" : value.toString());
    }
  }

  private void list(JsonNode list) {
    String separator = "[";
    for (JsonNode element : list) {
      printed.append(separator);
      value(element);
      separator = " ";
    }
    printed.append(list.isEmpty() ? "[]" : "]");
  }

  private void map(JsonNode map) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    map.forEachEntry(sorted::put);
    String separator = "map[";
    for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
      printed.append(separator).append("%!t(string=").append(entry.getKey()).append("):");
      value(entry.getValue());
      separator = " ";
    }
    printed.append(map.isEmpty() ? "map[]" : "]");
  }

  /** The shortest decimal that is this number, with an exponent where that is far from 0. */
  private static String number(double number) {
    if (number == 0 || Double.isInfinite(number)) {
      return number == 0 ? "0" : number < 0 ? "-Inf" : "+Inf";
    }
    BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent >= LAST_NEGATIVE_EXPONENT && exponent < FIRST_EXPONENT) {
      return exact.toPlainString();
    }
    String digits = exact.unscaledValue().abs().toString();
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "");
    return (number < 0 ? "-" : "") + digits.charAt(0) + fraction + "e" + power + Math.abs(exponent);
  }
}
