package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Turns an {@code openAPIV3Schema} that {@link SchemaRules} has accepted into {@link SchemaNode}s,
 * so that a write pays for none of the schema's reading.
 */
final class SchemaCompiler {
  private SchemaCompiler() {}

  /** Compiles one level and everything below it. */
  static SchemaNode compile(JsonNode schema) {
    Map<String, SchemaNode> properties = new HashMap<>();
    Map<String, JsonNode> defaults = new HashMap<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      properties.put(property.getKey(), compile(property.getValue()));
      if (property.getValue().has("default")) {
        defaults.put(property.getKey(), property.getValue().get("default"));
      }
    }
    if (schema.path("x-kubernetes-embedded-resource").asBoolean(false)) {
      addObjectFields(properties);
    }
    JsonNode items = schema.path("items");
    return new SchemaNode(
        typeOf(schema),
        schema.path("nullable").asBoolean(false),
        preserves(schema),
        properties,
        defaults,
        additional(schema.path("additionalProperties")),
        items.isObject() ? compile(items) : null,
        checks(schema));
  }

  /** Whether fields that this level does not name are kept. */
  static boolean preserves(JsonNode schema) {
    return schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)
        || schema.path("additionalProperties").asBoolean(false);
  }

  private static void addObjectFields(Map<String, SchemaNode> properties) {
    for (String name : List.of("apiVersion", "kind")) {
      properties.putIfAbsent(name, leaf(JsonType.STRING));
    }
    properties.putIfAbsent("metadata", compile(ObjectMetaSchema.schema()));
  }

  private static SchemaNode leaf(JsonType type) {
    return new SchemaNode(type, false, false, Map.of(), Map.of(), null, null, List.of());
  }

  private static JsonType typeOf(JsonNode schema) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
      return JsonType.INT_OR_STRING;
    }
    String type = schema.path("type").asString("");
    return type.isEmpty() ? JsonType.ANY : JsonType.valueOf(type.toUpperCase(Locale.ROOT));
  }

  private static @Nullable SchemaNode additional(JsonNode additional) {
    if (additional.isObject()) {
      return compile(additional);
    }
    return null;
  }

  private static List<SchemaNode.Check> checks(JsonNode schema) {
    List<SchemaNode.Check> checks = new ArrayList<>();
    SchemaChecks.addTo(checks, schema);
    for (SchemaNode part : compileAll(schema.path("allOf"))) {
      checks.add(part::validate);
    }
    if (schema.has("anyOf")) {
      List<SchemaNode> parts = compileAll(schema.path("anyOf"));
      add(checks, parts, n -> n > 0, "must validate at least one schema (anyOf)");
    }
    if (schema.has("oneOf")) {
      List<SchemaNode> parts = compileAll(schema.path("oneOf"));
      add(checks, parts, n -> n == 1, "must validate one and only one schema (oneOf)");
    }
    if (schema.has("not")) {
      List<SchemaNode> part = List.of(compile(schema.path("not")));
      add(checks, part, n -> n == 0, "must not validate the schema (not)");
    }
    return checks;
  }

  private static List<SchemaNode> compileAll(JsonNode schemas) {
    return schemas.valueStream().map(SchemaCompiler::compile).toList();
  }

  /** A rule about how many of the parts hold for the value. */
  private static void add(
      List<SchemaNode.Check> checks, List<SchemaNode> parts, IntPredicate holds, String words) {
    checks.add(
        (value, path, errors) -> {
          if (!holds.test(matching(parts, value, path))) {
            errors.add(FieldError.invalid(path.toString(), value, path + " in body " + words));
          }
        });
  }

  private static int matching(List<SchemaNode> parts, JsonNode value, FieldPath path) {
    int matching = 0;
    for (SchemaNode part : parts) {
      List<FieldError> errors = new ArrayList<>();
      part.validate(value, path, errors);
      matching += errors.isEmpty() ? 1 : 0;
    }
    return matching;
  }
}
