package io.kubekv.embedded;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schema of {@code metadata}, which every resource type has without saying so. */
final class ObjectMetaSchema {
  private static final String STRING = "string";

  private ObjectMetaSchema() {}

  /** The schema of ObjectMeta, a fresh copy. */
  static ObjectNode schema() {
    ObjectNode meta = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode fields = meta.putObject("properties");
    for (String name : new String[] {"name", "generateName", "namespace", "selfLink", "uid"}) {
      type(fields, name, STRING);
    }
    type(fields, "resourceVersion", STRING);
    type(fields, "generation", "integer").put("format", "int64");
    type(fields, "creationTimestamp", STRING).put("format", "date-time");
    type(fields, "deletionTimestamp", STRING).put("format", "date-time");
    type(fields, "deletionGracePeriodSeconds", "integer").put("format", "int64");
    for (String name : new String[] {"labels", "annotations"}) {
      type(fields, name, "object").putObject("additionalProperties").put("type", STRING);
    }
    ObjectNode finalizers = type(fields, "finalizers", "array");
    finalizers.putObject("items").put("type", STRING);
    finalizers.put("x-kubernetes-list-type", "set");
    addOwnerReferences(fields);
    addManagedFields(fields);
    return meta;
  }

  /** The schema with {@code apiVersion}, {@code kind} and {@code metadata} known. */
  static ObjectNode completed(ObjectNode schema) {
    ObjectNode whole = schema.deepCopy();
    if (schema.isEmpty()) {
      whole.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
    }
    ObjectNode properties = whole.withObjectProperty("properties");
    type(properties, "apiVersion", STRING);
    type(properties, "kind", STRING);
    ObjectNode meta = schema();
    JsonNode restricted = schema.at("/properties/metadata/properties");
    for (String name : new String[] {"name", "generateName"}) {
      if (restricted.path(name) instanceof ObjectNode own) {
        ((ObjectNode) meta.at("/properties/" + name)).setAll(own);
      }
    }
    properties.set("metadata", meta);
    return whole;
  }

  private static void addOwnerReferences(ObjectNode fields) {
    ObjectNode owner = type(fields, "ownerReferences", "array").putObject("items");
    owner.put("type", "object");
    ObjectNode parts = owner.putObject("properties");
    for (String name : new String[] {"apiVersion", "kind", "name", "uid"}) {
      type(parts, name, STRING);
    }
    type(parts, "controller", "boolean");
    type(parts, "blockOwnerDeletion", "boolean");
    owner.putArray("required").add("apiVersion").add("kind").add("name").add("uid");
  }

  private static void addManagedFields(ObjectNode fields) {
    ObjectNode entry = type(fields, "managedFields", "array").putObject("items");
    entry.put("type", "object");
    ObjectNode parts = entry.putObject("properties");
    for (String name : new String[] {"manager", "operation", "apiVersion", "fieldsType"}) {
      type(parts, name, STRING);
    }
    type(parts, "subresource", STRING);
    type(parts, "time", STRING).put("format", "date-time");
    type(parts, "fieldsV1", "object").put("x-kubernetes-preserve-unknown-fields", true);
  }

  private static ObjectNode type(ObjectNode properties, String name, String type) {
    return properties.putObject(name).put("type", type);
  }
}
