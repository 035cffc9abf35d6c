package io.kubekv.embedded;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One level of a compiled schema. Immutable.
 *
 * @param type what the value must be
 * @param nullable whether null is a value rather than an absence
 * @param preserve whether properties that the schema does not name are kept
 * @param properties schemas of the named properties
 * @param defaults values for properties that are absent
 * @param additional schema of every property that is not named; null when those are unknown fields
 * @param items schema of the array's elements; null when nothing is said about them
 * @param checks further rules for a value of the right type
 */
record SchemaNode(
    JsonType type,
    boolean nullable,
    boolean preserve,
    Map<String, SchemaNode> properties,
    Map<String, JsonNode> defaults,
    @Nullable SchemaNode additional,
    @Nullable SchemaNode items,
    List<Check> checks) {

  SchemaNode {
    properties = Map.copyOf(properties);
    defaults = Map.copyOf(defaults);
    checks = List.copyOf(checks);
  }

  /** A rule for a value whose type is right already; adds what is wrong to {@code errors}. */
  @FunctionalInterface
  interface Check {
    void check(JsonNode value, FieldPath path, List<FieldError> errors);
  }

  /** Drops unknown fields (their paths go to {@code unknown}) and nulls, and fills in defaults. */
  void normalize(JsonNode value, FieldPath path, List<String> unknown) {
    if (value instanceof ObjectNode object) {
      prune(object, path, unknown);
      for (Map.Entry<String, JsonNode> missing : defaults.entrySet()) {
        if (!object.has(missing.getKey())) {
          object.set(missing.getKey(), missing.getValue().deepCopy());
        }
      }
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        SchemaNode child = child(field.getKey());
        if (child != null && field.getValue().isContainer()) {
          int mark = path.enter(field.getKey());
          child.normalize(field.getValue(), path, unknown);
          path.leave(mark);
        }
      }
    } else if (value instanceof ArrayNode array && items != null) {
      for (int i = 0; i < array.size(); i++) {
        int mark = path.enter(i);
        items.normalize(array.get(i), path, unknown);
        path.leave(mark);
      }
    }
  }

  /** Adds everything that is wrong with the value to {@code errors}. */
  void validate(JsonNode value, FieldPath path, List<FieldError> errors) {
    if (value.isNull() && (nullable || type == JsonType.ANY)) {
      return;
    }
    if (value.isNull() || !type.accepts(value)) {
      errors.add(wrongType(value, path.toString()));
      return;
    }
    for (Check check : checks) {
      check.check(value, path, errors);
    }
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        SchemaNode child = child(field.getKey());
        if (child != null) {
          int mark = path.enter(field.getKey());
          child.validate(field.getValue(), path, errors);
          path.leave(mark);
        }
      }
    } else if (value instanceof ArrayNode array && items != null) {
      for (int i = 0; i < array.size(); i++) {
        int mark = path.enter(i);
        items.validate(array.get(i), path, errors);
        path.leave(mark);
      }
    }
  }

  private void prune(ObjectNode object, FieldPath path, List<String> unknown) {
    var fields = object.properties().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      SchemaNode child = child(field.getKey());
      if (child == null) {
        if (!preserve) {
          int mark = path.enter(field.getKey());
          unknown.add(path.toString());
          path.leave(mark);
          fields.remove();
        }
      } else if (field.getValue().isNull() && !child.nullable && child.type != JsonType.ANY) {
        fields.remove();
      }
    }
  }

  private @Nullable SchemaNode child(String name) {
    SchemaNode property = properties.get(name);
    return property == null ? additional : property;
  }

  private FieldError wrongType(JsonNode value, String path) {
    String actual = JsonType.nameOf(value);
    return FieldError.typeInvalid(
        path,
        actual,
        "%s in body must be of type %s: %s".formatted(path, type.word(), Statuses.quote(actual)));
  }
}
