package io.kubekv.embedded;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The value rules of a schema: lengths, bounds, patterns, enums, formats, required and unique
 * parts. Words as kube-openapi's validator has them.
 */
final class SchemaChecks {
  private SchemaChecks() {}

  /** Adds the rules that this level of the schema states. */
  static void addTo(List<SchemaNode.Check> checks, JsonNode schema) {
    addForStrings(checks, schema);
    addForNumbers(checks, schema);
    addForContainers(checks, schema);
    JsonNode allowed = schema.path("enum");
    if (allowed.isArray()) {
      Set<JsonNode> values = new HashSet<>();
      allowed.forEach(values::add);
      checks.add(
          (value, path, errors) -> {
            if (!values.contains(value)) {
              errors.add(FieldError.notSupported(path.toString(), value, allowed));
            }
          });
    }
    SchemaFormats.check(schema.path("format").asString("")).ifPresent(checks::add);
  }

  private static void addForStrings(List<SchemaNode.Check> checks, JsonNode schema) {
    if (schema.has("maxLength")) {
      int max = schema.get("maxLength").asInt();
      checks.add(
          (value, path, errors) -> {
            if (value.isString() && isLongerThan(max, value.asString())) {
              errors.add(FieldError.tooLong(path.toString(), max));
            }
          });
    }
    if (schema.has("minLength")) {
      int min = schema.get("minLength").asInt();
      rule(
          checks,
          value -> !value.isString() || length(value) >= min,
          "should be at least " + min + " chars long");
    }
    if (schema.has("pattern")) {
      Pattern pattern = Pattern.compile(schema.get("pattern").asString());
      rule(
          checks,
          value -> !value.isString() || pattern.matcher(value.asString()).find(),
          "should match '" + pattern + "'");
    }
  }

  private static void addForNumbers(List<SchemaNode.Check> checks, JsonNode schema) {
    if (schema.has("minimum")) {
      BigDecimal min = schema.get("minimum").decimalValue();
      boolean exclusive = schema.path("exclusiveMinimum").asBoolean(false);
      rule(
          checks,
          value -> !value.isNumber() || compare(value, min) >= (exclusive ? 1 : 0),
          "should be greater than " + (exclusive ? "" : "or equal to ") + min);
    }
    if (schema.has("maximum")) {
      BigDecimal max = schema.get("maximum").decimalValue();
      boolean exclusive = schema.path("exclusiveMaximum").asBoolean(false);
      rule(
          checks,
          value -> !value.isNumber() || compare(value, max) <= (exclusive ? -1 : 0),
          "should be less than " + (exclusive ? "" : "or equal to ") + max);
    }
    if (schema.has("multipleOf")) {
      BigDecimal factor = schema.get("multipleOf").decimalValue();
      rule(
          checks,
          value -> !value.isNumber() || value.decimalValue().remainder(factor).signum() == 0,
          "should be a multiple of " + factor);
    }
  }

  private static void addForContainers(List<SchemaNode.Check> checks, JsonNode schema) {
    addAtMost(checks, schema.path("maxItems"), true);
    addAtMost(checks, schema.path("maxProperties"), false);
    if (schema.has("minItems")) {
      int min = schema.get("minItems").asInt();
      rule(
          checks,
          value -> !value.isArray() || value.size() >= min,
          "should have at least " + min + " items");
    }
    if (schema.has("minProperties")) {
      int min = schema.get("minProperties").asInt();
      rule(
          checks,
          value -> !value.isObject() || value.size() >= min,
          "should have at least " + min + " properties");
    }
    List<String> required = schema.path("required").valueStream().map(JsonNode::asString).toList();
    if (!required.isEmpty()) {
      checks.add((value, path, errors) -> checkRequired(required, value, path, errors));
    }
    switch (schema.path("x-kubernetes-list-type").asString("atomic")) {
      case "set" -> checks.add(SchemaChecks::checkUnique);
      case "map" -> {
        JsonNode keys = schema.path("x-kubernetes-list-map-keys");
        checks.add((value, path, errors) -> checkUniqueKeys(keys, value, path, errors));
      }
      default -> {} // atomic: the elements may repeat
    }
  }

  private static void addAtMost(List<SchemaNode.Check> checks, JsonNode limit, boolean ofArray) {
    if (limit.isNumber()) {
      int max = limit.asInt();
      checks.add(
          (value, path, errors) -> {
            if ((ofArray ? value.isArray() : value.isObject()) && value.size() > max) {
              errors.add(FieldError.tooMany(path.toString(), value.size(), max));
            }
          });
    }
  }

  private static void checkRequired(
      List<String> required, JsonNode value, FieldPath path, List<FieldError> errors) {
    for (String name : required) {
      if (value.isObject() && !value.has(name)) {
        int mark = path.enter(name);
        errors.add(FieldError.required(path.toString(), ""));
        path.leave(mark);
      }
    }
  }

  private static void checkUnique(JsonNode value, FieldPath path, List<FieldError> errors) {
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; i < value.size(); i++) {
      if (!seen.add(value.get(i))) {
        errors.add(FieldError.duplicate(path + "[" + i + "]", value.get(i)));
      }
    }
  }

  private static void checkUniqueKeys(
      JsonNode keys, JsonNode value, FieldPath path, List<FieldError> errors) {
    Set<List<JsonNode>> seen = new HashSet<>();
    for (int i = 0; i < value.size(); i++) {
      JsonNode element = value.get(i);
      if (!seen.add(keys.valueStream().map(key -> element.path(key.asString())).toList())) {
        errors.add(FieldError.duplicate(path + "[" + i + "]", element));
      }
    }
  }

  private interface Rule {
    boolean holds(JsonNode value);
  }

  private static void rule(List<SchemaNode.Check> checks, Rule rule, String words) {
    checks.add(
        (value, path, errors) -> {
          if (!rule.holds(value)) {
            errors.add(FieldError.invalid(path.toString(), value, path + " in body " + words));
          }
        });
  }

  private static int compare(JsonNode value, BigDecimal bound) {
    return value.decimalValue().compareTo(bound);
  }

  /** Counts code points only when there are enough UTF-16 units to matter. */
  private static boolean isLongerThan(int max, String text) {
    return text.length() > max && text.codePointCount(0, text.length()) > max;
  }

  /** Characters as Go counts them: code points, not UTF-16 units. */
  private static int length(JsonNode value) {
    String text = value.asString();
    return text.codePointCount(0, text.length());
  }
}
