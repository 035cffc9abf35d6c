package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads CustomResourceDefinitions: checks and completes them, and turns them into resource types.
 */
final class Definitions {
  private Definitions() {}

  /** Fills in what the API server fills in, and refuses what it refuses or what we do not serve. */
  static void admit(ResourceType definitionType, ObjectNode definition, Clocks clocks) {
    ObjectNode spec = (ObjectNode) definition.path("spec");
    ObjectNode names = (ObjectNode) spec.path("names");
    String kind = names.path("kind").asString("");
    if (names.path("singular").asString("").isEmpty()) {
      names.put("singular", kind.toLowerCase(java.util.Locale.ROOT));
    }
    if (names.path("listKind").asString("").isEmpty()) {
      names.put("listKind", kind + "List");
    }
    if (!spec.has("conversion")) {
      spec.putObject("conversion").put("strategy", "None");
    }
    List<FieldError> errors = DefinitionRules.check(definition);
    if (!errors.isEmpty()) {
      throw Statuses.invalid(
          definitionType, definition.path("metadata").path("name").asString(""), errors);
    }
    putStatus(definition, names, stored(spec).path("name").asString(""), clocks);
  }

  private static JsonNode stored(JsonNode spec) {
    for (JsonNode version : spec.path("versions")) {
      if (version.path("storage").asBoolean(false)) {
        return version;
      }
    }
    return spec.path("versions").path(0);
  }

  private static void putStatus(
      ObjectNode definition, ObjectNode names, String version, Clocks clocks) {
    ObjectNode status =
        definition.path("status") instanceof ObjectNode old ? old : definition.putObject("status");
    status.set("acceptedNames", names.deepCopy());
    if (!status.path("storedVersions").isArray() || status.path("storedVersions").isEmpty()) {
      status.putArray("storedVersions").add(version);
    }
    if (!status.path("conditions").isArray() || status.path("conditions").isEmpty()) {
      ArrayNode conditions = status.putArray("conditions");
      condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found", clocks);
      condition(
          conditions,
          "Established",
          "InitialNamesAccepted",
          "the initial names have been accepted",
          clocks);
    }
  }

  private static void condition(
      ArrayNode conditions, String type, String reason, String message, Clocks clocks) {
    conditions
        .addObject()
        .put("lastTransitionTime", clocks.timestamp())
        .put("message", message)
        .put("reason", reason)
        .put("status", "True")
        .put("type", type);
  }

  /** The resource type that an admitted definition asks for. */
  static ResourceType resourceType(ObjectNode definition) {
    JsonNode spec = definition.path("spec");
    JsonNode names = spec.path("names");
    JsonNode version = stored(spec);
    JsonNode schema = version.path("schema").path("openAPIV3Schema");
    return new ResourceType(
        spec.path("group").asString(""),
        version.path("name").asString(""),
        names.path("plural").asString(""),
        names.path("singular").asString(""),
        names.path("kind").asString(""),
        names.path("listKind").asString(""),
        strings(names.path("shortNames")),
        strings(names.path("categories")),
        spec.path("scope").asString("").equals("Namespaced"),
        schema instanceof ObjectNode object ? object : ObjectJson.MAPPER.createObjectNode(),
        columns(version.path("additionalPrinterColumns")),
        selectable(version.path("selectableFields")),
        version.path("subresources").has("status"));
  }

  private static List<String> strings(JsonNode array) {
    List<String> all = new ArrayList<>();
    array.forEach(one -> all.add(one.asString("")));
    return all;
  }

  private static List<String> selectable(JsonNode fields) {
    List<String> all = new ArrayList<>();
    fields.forEach(field -> all.add(field.path("jsonPath").asString("")));
    return all;
  }

  private static List<ResourceType.PrinterColumn> columns(JsonNode columns) {
    List<ResourceType.PrinterColumn> all = new ArrayList<>();
    for (JsonNode column : columns) {
      all.add(
          new ResourceType.PrinterColumn(
              column.path("name").asString(""),
              column.path("type").asString(""),
              column.path("format").asString(""),
              column.path("description").asString(""),
              column.path("priority").asInt(0),
              column.path("jsonPath").asString("")));
    }
    if (all.isEmpty()) {
      all.add(
          new ResourceType.PrinterColumn("Age", "date", "", "", 0, ".metadata.creationTimestamp"));
    }
    return all;
  }
}
