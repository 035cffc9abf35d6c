package io.kubekv.embedded;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One request for objects of a served type, body and all. Immutable.
 *
 * @param exchange for query parameters and headers
 * @param served the type of the objects
 * @param path what the path says
 * @param body the body; empty if there is none
 * @param clocks the server's clock
 */
record ApiRequest(
    Exchange exchange, ServedType served, ResourcePath path, Buffer body, Clocks clocks) {

  ResourceType type() {
    return served.type();
  }

  String namespace() {
    return path.namespace();
  }

  String name() {
    return path.name();
  }

  /** The table's key of the named object. */
  String key() {
    return ObjectTable.key(path.namespace(), path.name());
  }

  /** A query parameter; absent when missing or empty. */
  Optional<String> parameter(String name) {
    String value = exchange.parameter(name);
    return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  boolean flag(String name) {
    String value = exchange.parameter(name);
    return value != null && (value.isEmpty() || value.equals("true") || value.equals("1"));
  }

  /** A query parameter that is a whole number, 0 when missing; 400 when it is something else. */
  long number(String name) {
    try {
      return parameter(name).map(Long::parseUnsignedLong).orElse(0L);
    } catch (NumberFormatException e) {
      throw Statuses.badRequest(
          "invalid value for query parameter %s: %s is not a whole number"
              .formatted(name, Statuses.quote(parameter(name).orElse(""))));
    }
  }

  boolean dryRun() {
    return parameter("dryRun").filter("All"::equals).isPresent();
  }

  /** The media type of the body without parameters, lower case; JSON when none is named. */
  String contentType() {
    String value = exchange.header("Content-Type");
    if (value == null) {
      return "application/json";
    }
    int end = value.indexOf(';');
    return (end < 0 ? value : value.substring(0, end)).trim().toLowerCase(Locale.ROOT);
  }

  /**
   * The body of a POST or PUT: one object of JSON or YAML; 400 when it is not, 415 for other types.
   */
  JsonBody object() {
    JsonBody parsed =
        switch (contentType()) {
          case "application/json" -> JsonBody.parse(body.getBytes());
          case "application/yaml", "application/x-yaml", "text/yaml" -> Yaml.read(body.getBytes());
          case ProtobufBody.MEDIA_TYPE -> ProtobufBody.read(body.getBytes(), type());
          default ->
              throw Statuses.unsupportedMediaType(List.of("application/json", "application/yaml"));
        };
    return new JsonBody(asObject(parsed.root()), parsed.duplicates());
  }

  static ObjectNode asObject(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw Statuses.badRequest("the body must be a JSON object");
  }
}
