package io.kubekv.embedded;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects of one type as the rows of a meta.k8s.io Table: the name, then the type's printer
 * columns. Compiled once per type; immutable and safe for use by many threads.
 */
final class TableOutput {

  /** What a row carries of its object: the {@code includeObject} query parameter. */
  enum IncludeObject {
    NONE,
    METADATA,
    OBJECT;

    /**
     * Reads the parameter; an empty text means Metadata.
     *
     * @throws ApiException 400 for any other word
     */
    static IncludeObject parse(String parameter) {
      return switch (parameter) {
        case "", "Metadata" -> METADATA;
        case "None" -> NONE;
        case "Object" -> OBJECT;
        default ->
            throw Statuses.badRequest(
                "unrecognized includeObject value: " + Statuses.quote(parameter));
      };
    }
  }

  private final List<Column> columns = new ArrayList<>();

  private record Column(ResourceType.PrinterColumn definition, JsonPath path) {}

  TableOutput(ResourceType type) {
    for (ResourceType.PrinterColumn column : type.printerColumns()) {
      columns.add(new Column(column, JsonPath.compile(column.jsonPath())));
    }
  }

  /**
   * A Table of these objects.
   *
   * @param listMeta metadata of the list (resourceVersion, continue), or of the one object
   * @param metaVersion {@code v1} or {@code v1beta1}, as negotiated
   * @param withHeader whether the columns are described; only the first event of a watch does
   * @param now what ages are counted to
   */
  ObjectNode table(
      Iterable<? extends JsonNode> objects,
      JsonNode listMeta,
      String metaVersion,
      IncludeObject include,
      boolean withHeader,
      Instant now) {
    ObjectNode table = JsonNodeFactory.instance.objectNode();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/" + metaVersion);
    table.set("metadata", listMeta(listMeta));
    ArrayNode header = table.putArray("columnDefinitions");
    if (withHeader) {
      describe(header);
    }
    ArrayNode rows = table.putArray("rows");
    for (JsonNode object : objects) {
      ObjectNode row = rows.addObject();
      cells(row.putArray("cells"), object, now);
      switch (include) {
        case NONE -> {}
        case METADATA -> row.set("object", metadata(object, metaVersion));
        case OBJECT -> row.set("object", object);
      }
    }
    return table;
  }

  /** A PartialObjectMetadata: the object without its content. */
  static ObjectNode metadata(JsonNode object, String metaVersion) {
    ObjectNode partial = JsonNodeFactory.instance.objectNode();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/" + metaVersion);
    partial.set("metadata", object.path("metadata").deepCopy());
    return partial;
  }

  /** A PartialObjectMetadataList of these objects. */
  static ObjectNode metadataList(
      Iterable<? extends JsonNode> objects, JsonNode listMeta, String metaVersion) {
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/" + metaVersion);
    list.set("metadata", listMeta(listMeta));
    ArrayNode items = list.putArray("items");
    objects.forEach(object -> items.add(metadata(object, metaVersion)));
    return list;
  }

  private static ObjectNode listMeta(JsonNode meta) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (String name : List.of("resourceVersion", "continue", "remainingItemCount")) {
      if (meta.has(name)) {
        kept.set(name, meta.get(name));
      }
    }
    return kept;
  }

  private void describe(ArrayNode header) {
    header
        .addObject()
        .put("name", "Name")
        .put("type", "string")
        .put("format", "name")
        .put("description", "Name of the object, unique within its namespace")
        .put("priority", 0);
    for (Column column : columns) {
      ResourceType.PrinterColumn definition = column.definition();
      String description = definition.description();
      header
          .addObject()
          .put("name", definition.name())
          .put("type", definition.type())
          .put("format", definition.format())
          .put(
              "description",
              description.isEmpty()
                  ? "Custom resource definition column (in JSONPath format): "
                      + definition.jsonPath()
                  : description)
          .put("priority", definition.priority());
    }
  }

  private void cells(ArrayNode cells, JsonNode object, Instant now) {
    cells.add(object.path("metadata").path("name").asString(""));
    for (Column column : columns) {
      List<JsonNode> found = column.path().find(object);
      if (found.isEmpty() || found.getFirst().isNull()) {
        cells.addNull();
      } else {
        cells.add(cell(column.definition().type(), found, now));
      }
    }
  }

  private static JsonNode cell(String type, List<JsonNode> found, Instant now) {
    JsonNode first = found.getFirst();
    return switch (type) {
      case "integer" -> first.isIntegralNumber() ? first : JsonNodeFactory.instance.nullNode();
      case "number" -> first.isNumber() ? first : JsonNodeFactory.instance.nullNode();
      case "boolean" -> first.isBoolean() ? first : JsonNodeFactory.instance.nullNode();
      case "date" -> JsonNodeFactory.instance.stringNode(Ages.since(first.asString(""), now));
      default -> JsonNodeFactory.instance.stringNode(text(found));
    };
  }

  /** Several values of a string column are joined by commas, as kube-apiserver prints them. */
  private static String text(List<JsonNode> found) {
    StringBuilder text = new StringBuilder();
    for (JsonNode value : found) {
      text.append(text.isEmpty() ? "" : ",");
      text.append(value.isString() ? value.asString() : value.toString());
    }
    return text.toString();
  }
}
