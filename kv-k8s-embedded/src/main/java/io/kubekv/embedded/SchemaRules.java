package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether a CRD's schema is structural (apiextensions.k8s.io/v1) and asks for nothing that this
 * server does not enforce. What it would have to ignore it refuses by name.
 */
final class SchemaRules {
  private static final Set<String> VALUE_RULES =
      Set.of(
          "format",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "pattern",
          "maxItems",
          "minItems",
          "multipleOf",
          "enum",
          "maxProperties",
          "minProperties",
          "required",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "properties",
          "items",
          "uniqueItems");

  /** What gives a schema its structure: not allowed below allOf, anyOf, oneOf and not. */
  private static final Set<String> STRUCTURE =
      Set.of(
          "type",
          "description",
          "title",
          "default",
          "nullable",
          "additionalProperties",
          "externalDocs",
          "example",
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-embedded-resource",
          "x-kubernetes-int-or-string",
          "x-kubernetes-list-type",
          "x-kubernetes-list-map-keys",
          "x-kubernetes-map-type");

  private static final List<String> NUMBERS =
      List.of(
          "maximum",
          "minimum",
          "maxLength",
          "minLength",
          "maxItems",
          "minItems",
          "multipleOf",
          "maxProperties",
          "minProperties");

  private static final List<String> ARRAYS =
      List.of("enum", "required", "allOf", "anyOf", "oneOf", "x-kubernetes-list-map-keys");

  private static final List<String> TYPES =
      List.of("object", "array", "string", "integer", "number", "boolean");

  private final List<FieldError> errors = new ArrayList<>();

  private SchemaRules() {}

  /** Everything wrong with the schema at this path of a CustomResourceDefinition. */
  static List<FieldError> check(JsonNode schema, String path) {
    SchemaRules rules = new SchemaRules();
    rules.structural(schema, path);
    if (!schema.path("type").asString("").equals("object")) {
      rules.errors.add(
          FieldError.invalid(
              path + ".type", schema.path("type").asString(""), "must be object at the root"));
    }
    rules.metadata(schema.at("/properties/metadata"), path + ".properties[metadata]");
    return List.copyOf(rules.errors);
  }

  private void structural(JsonNode schema, String path) {
    if (!schema.isObject()) {
      errors.add(FieldError.invalid(path, schema, "must be a schema object"));
      return;
    }
    for (String keyword : schema.propertyNames()) {
      if (!VALUE_RULES.contains(keyword) && !STRUCTURE.contains(keyword)) {
        errors.add(unsupported(path, keyword));
      }
    }
    type(schema, path);
    valueRules(schema, path);
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      structural(property.getValue(), path + ".properties[" + property.getKey() + "]");
    }
    if (schema.has("items")) {
      structural(schema.get("items"), path + ".items");
    } else if (schema.path("type").asString("").equals("array")) {
      errors.add(FieldError.required(path + ".items", "must be specified"));
    }
    if (schema.path("additionalProperties").isObject()) {
      structural(schema.get("additionalProperties"), path + ".additionalProperties");
      if (schema.has("properties")) {
        String why = "additionalProperties and properties are mutual exclusive";
        errors.add(FieldError.forbidden(path + ".additionalProperties", why));
      }
    }
    junctors(schema, path);
    defaultValue(schema, path);
  }

  private void type(JsonNode schema, String path) {
    String type = schema.path("type").asString("");
    boolean free =
        schema.path("x-kubernetes-int-or-string").asBoolean(false)
            || schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false);
    if (type.isEmpty() && !free) {
      errors.add(FieldError.required(path + ".type", "must not be empty for specified fields"));
    } else if (!type.isEmpty() && !TYPES.contains(type)) {
      errors.add(FieldError.invalid(path + ".type", type, "must be one of " + TYPES));
    }
  }

  private void valueRules(JsonNode schema, String path) {
    for (String keyword : NUMBERS) {
      if (schema.has(keyword) && !schema.get(keyword).isNumber()) {
        errors.add(FieldError.invalid(path + "." + keyword, schema.get(keyword), "not a number"));
      }
    }
    for (String keyword : ARRAYS) {
      if (schema.has(keyword) && !schema.get(keyword).isArray()) {
        errors.add(FieldError.invalid(path + "." + keyword, schema.get(keyword), "not an array"));
      }
    }
    if (schema.path("uniqueItems").asBoolean(false)) {
      errors.add(FieldError.forbidden(path + ".uniqueItems", "uniqueItems cannot be set to true"));
    }
    String format = schema.path("format").asString("");
    if (SchemaFormats.isRefused(format)) {
      String why = "format " + format + " is not enforced by this server; use a pattern";
      errors.add(FieldError.forbidden(path + ".format", why));
    }
    if (schema.has("pattern")) {
      String pattern = schema.get("pattern").asString("");
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        String why = "must be a valid regular expression: " + e.getDescription();
        errors.add(FieldError.invalid(path + ".pattern", pattern, why));
      }
    }
    if (schema.path("x-kubernetes-list-type").asString("").equals("map")
        && schema.path("x-kubernetes-list-map-keys").isEmpty()) {
      String why = "must not be empty if x-kubernetes-list-type is map";
      errors.add(FieldError.required(path + ".x-kubernetes-list-map-keys", why));
    }
  }

  private void junctors(JsonNode schema, String path) {
    boolean intOrString = schema.path("x-kubernetes-int-or-string").asBoolean(false);
    for (String junctor : List.of("allOf", "anyOf", "oneOf")) {
      for (int i = 0; i < schema.path(junctor).size(); i++) {
        junctor(schema.get(junctor).get(i), path + "." + junctor + "[" + i + "]", intOrString);
      }
    }
    if (schema.has("not")) {
      junctor(schema.get("not"), path + ".not", false);
    }
  }

  private void junctor(JsonNode schema, String path, boolean typeAllowed) {
    for (String keyword : schema.propertyNames()) {
      if (STRUCTURE.contains(keyword) && !(typeAllowed && keyword.equals("type"))) {
        String why = "must be empty to be structural";
        errors.add(FieldError.forbidden(path + "." + keyword, why));
      } else if (!STRUCTURE.contains(keyword) && !VALUE_RULES.contains(keyword)) {
        errors.add(unsupported(path, keyword));
      }
    }
    valueRules(schema, path);
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      junctor(property.getValue(), path + ".properties[" + property.getKey() + "]", false);
    }
    if (schema.has("items")) {
      junctor(schema.get("items"), path + ".items", false);
    }
    junctors(schema, path);
  }

  private void defaultValue(JsonNode schema, String path) {
    if (schema.has("default") && errors.isEmpty()) {
      List<FieldError> wrong = new ArrayList<>();
      FieldPath at = new FieldPath();
      at.enter(path + ".default");
      SchemaCompiler.compile(schema).validate(schema.get("default"), at, wrong);
      errors.addAll(wrong);
    }
  }

  private void metadata(JsonNode metadata, String path) {
    if (metadata instanceof ObjectNode restricted) {
      for (String name : restricted.path("properties").propertyNames()) {
        if (!name.equals("name") && !name.equals("generateName")) {
          String why = "must not specify anything other than name and generateName, but " + name;
          errors.add(FieldError.forbidden(path, why + " is present"));
        }
      }
    }
  }

  private static FieldError unsupported(String path, String keyword) {
    return FieldError.forbidden(
        path + "." + keyword,
        keyword.equals("x-kubernetes-validations")
            ? "this server does not evaluate CEL rules and refuses a schema that relies on them"
            : "this server does not know the keyword and refuses to ignore it");
  }
}
