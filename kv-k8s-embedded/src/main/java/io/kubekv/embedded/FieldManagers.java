package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Who owns which fields of one object: {@code metadata.managedFields}. Not thread safe. */
final class FieldManagers {
  static final String APPLY = "Apply";
  static final String UPDATE = "Update";

  private final List<Entry> entries = new ArrayList<>();

  /** What one manager owns by one operation. */
  record Entry(String manager, String operation, String apiVersion, String time, FieldSet fields) {
    boolean isOf(String otherManager, String otherOperation) {
      return manager.equals(otherManager) && operation.equals(otherOperation);
    }

    /** As conflicts name it. */
    String conflict() {
      String when = operation.equals(UPDATE) && !time.isEmpty() ? " at " + time : "";
      return "conflict with " + Statuses.quote(manager) + " using " + apiVersion + when;
    }

    private ObjectNode toJson() {
      ObjectNode node = JsonNodeFactory.instance.objectNode().put("manager", manager);
      node.put("operation", operation).put("apiVersion", apiVersion);
      if (!time.isEmpty()) {
        node.put("time", time);
      }
      node.put("fieldsType", "FieldsV1").set("fieldsV1", fields.toJson());
      return node;
    }
  }

  /** The managers that an object names. */
  static FieldManagers of(JsonNode object) {
    FieldManagers managers = new FieldManagers();
    for (JsonNode entry : object.at("/metadata/managedFields")) {
      managers.entries.add(
          new Entry(
              entry.path("manager").asString(""),
              entry.path("operation").asString(""),
              entry.path("apiVersion").asString(""),
              entry.path("time").asString(""),
              FieldSet.parse(entry.path("fieldsV1"))));
    }
    return managers;
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** What this manager owns by this operation; empty when it owns nothing. */
  FieldSet owned(String manager, String operation) {
    return entries.stream()
        .filter(entry -> entry.isOf(manager, operation))
        .findFirst()
        .map(Entry::fields)
        .orElseGet(FieldSet::new);
  }

  /** Replaces what this manager owns by this operation; the time stays when nothing changes. */
  void put(Entry replacement) {
    boolean same =
        entries.stream()
            .anyMatch(
                entry ->
                    entry.isOf(replacement.manager(), replacement.operation())
                        && entry.fields().paths().equals(replacement.fields().paths()));
    if (!same) {
      entries.removeIf(entry -> entry.isOf(replacement.manager(), replacement.operation()));
      entries.add(replacement);
    }
  }

  /** Writes the managers into the object, those that own nothing left out. */
  void writeTo(ObjectNode object) {
    ObjectNode metadata = object.withObjectProperty("metadata");
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    entries.stream()
        .filter(entry -> !entry.fields().isEmpty())
        .sorted(Comparator.comparing(Entry::operation).thenComparing(Entry::manager))
        .forEach(entry -> array.add(entry.toJson()));
    if (array.isEmpty()) {
      metadata.remove("managedFields");
    } else {
      metadata.set("managedFields", array);
    }
  }
}
