package io.kubekv.embedded;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Encodes an OpenAPI v2 document as the message {@code openapi.v2.Document} of
 * github.com/google/gnostic-models (openapiv2/OpenAPIv2.proto). A table says which JSON member is
 * which field; it has the members that {@link OpenApi2} writes, and refuses others.
 */
final class Gnostic {

  /** How one JSON member is encoded. */
  private enum Kind {
    TEXT,
    TEXTS,
    FLAG,
    INTEGER,
    DECIMAL,
    /** Any: the value as YAML, of which JSON is a part. */
    ANY,
    ANYS,
    MESSAGE,
    MESSAGES,
    /** A message whose field 1 repeats name (1) and value (2). */
    NAMED,
    /** The repeated name and value directly, as Paths and Responses have them. */
    ENTRIES,
    /** A type's name inside a TypeItem. */
    TYPE,
    /** A schema inside an ItemsItem. */
    ITEMS,
    /** A schema or a boolean inside an AdditionalPropertiesItem. */
    ADDITIONAL
  }

  private record Field(int number, Kind kind, String message) {
    Field(int number, Kind kind) {
      this(number, kind, "");
    }
  }

  private static final String EXTENSION = "x-";

  /** Message, JSON member, field. The member {@code x-} stands for every extension. */
  private static final Map<String, Map<String, Field>> MESSAGES =
      Map.of(
          "Document",
          Map.of(
              "swagger", new Field(1, Kind.TEXT),
              "info", new Field(2, Kind.MESSAGE, "Info"),
              "paths", new Field(8, Kind.MESSAGE, "Paths"),
              "definitions", new Field(9, Kind.NAMED, "Schema")),
          "Info",
          Map.of("title", new Field(1, Kind.TEXT), "version", new Field(2, Kind.TEXT)),
          "Paths",
          Map.of("/", new Field(2, Kind.ENTRIES, "PathItem")),
          "PathItem",
          Map.of("patch", new Field(8, Kind.MESSAGE, "Operation")),
          "Operation",
          Map.of(
              "operationId",
              new Field(5, Kind.TEXT),
              "parameters",
              new Field(8, Kind.MESSAGES, "Parameter"),
              "responses",
              new Field(9, Kind.MESSAGE, "Responses"),
              EXTENSION,
              new Field(13, Kind.ANY)),
          "Parameter",
          Map.of(
              "in", new Field(2, Kind.TEXT),
              "description", new Field(3, Kind.TEXT),
              "name", new Field(4, Kind.TEXT),
              "type", new Field(6, Kind.TEXT)),
          "Responses",
          Map.of("200", new Field(1, Kind.ENTRIES, "ResponseValue")),
          "Response",
          Map.of("description", new Field(1, Kind.TEXT)),
          "Schema",
          SchemaFields.ALL);

  /** The fields of the message Schema. */
  private static final class SchemaFields {
    static final Map<String, Field> ALL =
        Map.ofEntries(
            Map.entry("$ref", new Field(1, Kind.TEXT)),
            Map.entry("format", new Field(2, Kind.TEXT)),
            Map.entry("title", new Field(3, Kind.TEXT)),
            Map.entry("description", new Field(4, Kind.TEXT)),
            Map.entry("multipleOf", new Field(6, Kind.DECIMAL)),
            Map.entry("maximum", new Field(7, Kind.DECIMAL)),
            Map.entry("exclusiveMaximum", new Field(8, Kind.FLAG)),
            Map.entry("minimum", new Field(9, Kind.DECIMAL)),
            Map.entry("exclusiveMinimum", new Field(10, Kind.FLAG)),
            Map.entry("maxLength", new Field(11, Kind.INTEGER)),
            Map.entry("minLength", new Field(12, Kind.INTEGER)),
            Map.entry("pattern", new Field(13, Kind.TEXT)),
            Map.entry("maxItems", new Field(14, Kind.INTEGER)),
            Map.entry("minItems", new Field(15, Kind.INTEGER)),
            Map.entry("uniqueItems", new Field(16, Kind.FLAG)),
            Map.entry("maxProperties", new Field(17, Kind.INTEGER)),
            Map.entry("minProperties", new Field(18, Kind.INTEGER)),
            Map.entry("required", new Field(19, Kind.TEXTS)),
            Map.entry("enum", new Field(20, Kind.ANYS)),
            Map.entry("additionalProperties", new Field(21, Kind.ADDITIONAL)),
            Map.entry("type", new Field(22, Kind.TYPE)),
            Map.entry("items", new Field(23, Kind.ITEMS, "Schema")),
            Map.entry("properties", new Field(25, Kind.NAMED, "Schema")),
            Map.entry(EXTENSION, new Field(31, Kind.ANY)));
  }

  private Gnostic() {}

  /** The encoded document. */
  static byte[] encode(ObjectNode document) {
    return message("Document", document);
  }

  private static byte[] message(String name, JsonNode node) {
    Map<String, Field> fields = MESSAGES.getOrDefault(name, Map.of());
    ProtoWriter out = new ProtoWriter();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String key = member.getKey();
      if (key.startsWith(EXTENSION) && fields.containsKey(EXTENSION)) {
        byte[] any = any(member.getValue());
        out.writeBytes(fields.get(EXTENSION).number(), named(key, any));
        continue;
      }
      Field field = fields.get(key.startsWith("/") ? "/" : key);
      if (field == null) {
        throw new IllegalArgumentException("no field of " + name + " is known for " + key);
      }
      write(out, field, key, member.getValue());
    }
    return out.toBytes();
  }

  private static void write(ProtoWriter out, Field field, String key, JsonNode value) {
    int number = field.number();
    switch (field.kind()) {
      case TEXT -> out.writeString(number, value.asString());
      case TEXTS -> value.forEach(one -> out.writeString(number, one.asString()));
      case FLAG -> out.writeBool(number, value.asBoolean());
      case INTEGER -> out.writeInt64(number, value.asLong());
      case DECIMAL -> out.writeDouble(number, value.asDouble());
      case ANY -> out.writeBytes(number, any(value));
      case ANYS -> value.forEach(one -> out.writeBytes(number, any(one)));
      case MESSAGE -> out.writeBytes(number, message(field.message(), value));
      case MESSAGES -> value.forEach(one -> out.writeBytes(number, wrapped(field.message(), one)));
      case NAMED -> out.writeBytes(number, namedMessages(field.message(), value));
      case ENTRIES -> out.writeBytes(number, named(key, wrapped(field.message(), value)));
      case TYPE -> out.writeBytes(number, text(1, value.asString()));
      case ITEMS -> out.writeBytes(number, nested(1, message(field.message(), value)));
      case ADDITIONAL -> out.writeBytes(number, additional(value));
    }
  }

  /** A message inside the choices that gnostic puts around it. */
  private static byte[] wrapped(String message, JsonNode node) {
    return switch (message) {
      // ParametersItem.parameter(1), Parameter.non_body_parameter(2), its query parameter(3)
      case "Parameter" -> nested(1, nested(2, nested(3, message("Parameter", node))));
      case "ResponseValue" -> nested(1, message("Response", node));
      default -> message(message, node);
    };
  }

  private static byte[] namedMessages(String message, JsonNode map) {
    ProtoWriter out = new ProtoWriter();
    map.properties()
        .forEach(e -> out.writeBytes(1, named(e.getKey(), message(message, e.getValue()))));
    return out.toBytes();
  }

  private static byte[] additional(JsonNode value) {
    if (value.isObject()) {
      return nested(1, message("Schema", value));
    }
    ProtoWriter out = new ProtoWriter();
    out.writeBool(2, value.asBoolean());
    return out.toBytes();
  }

  private static byte[] named(String name, byte[] value) {
    ProtoWriter out = new ProtoWriter();
    out.writeString(1, name);
    out.writeBytes(2, value);
    return out.toBytes();
  }

  private static byte[] any(JsonNode value) {
    return text(2, value.toString());
  }

  private static byte[] nested(int field, byte[] message) {
    ProtoWriter out = new ProtoWriter();
    out.writeBytes(field, message);
    return out.toBytes();
  }

  private static byte[] text(int field, String value) {
    ProtoWriter out = new ProtoWriter();
    out.writeString(field, value);
    return out.toBytes();
  }
}
