package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The parts that the OpenAPI documents of both versions are made of. */
final class OpenApiDefinitions {
  /** The definition that every type's {@code metadata} refers to. */
  static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private static final String META_DESCRIPTION =
      "Standard object metadata: identity, labels, annotations and the resourceVersion.";

  /** What OpenAPI v2 cannot say; kube-apiserver leaves the same out. */
  private static final Set<String> NOT_IN_V2 =
      Set.of("nullable", "anyOf", "oneOf", "allOf", "not", "default", "example", "externalDocs");

  private OpenApiDefinitions() {}

  /**
   * The name of a type's definition, with the group turned round: {@code io.kubekv.v1.KeyValue}.
   */
  static String name(ResourceType type) {
    String group = type.group().isEmpty() ? "core.api.k8s.io" : type.group();
    List<String> parts = new ArrayList<>(List.of(group.split("\\.", -1)));
    Collections.reverse(parts);
    return String.join(".", parts) + "." + type.version() + "." + type.kind();
  }

  /** A reference in {@code x-kubernetes-group-version-kind}. */
  static ObjectNode groupVersionKind(ResourceType type) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }

  /** The schema of the whole object as OpenAPI v3 has it. */
  static ObjectNode v3(ResourceType type) {
    ObjectNode meta = JsonNodeFactory.instance.objectNode();
    meta.put("description", META_DESCRIPTION);
    meta.putArray("allOf").addObject().put("$ref", "#/components/schemas/" + OBJECT_META);
    return completed(type, type.schema().deepCopy(), meta);
  }

  /** The schema of the whole object as OpenAPI v2 has it. */
  static ObjectNode v2(ResourceType type) {
    ObjectNode meta = JsonNodeFactory.instance.objectNode();
    meta.put("description", META_DESCRIPTION).put("$ref", "#/definitions/" + OBJECT_META);
    return completed(type, toV2(type.schema()), meta);
  }

  /** ObjectMeta as OpenAPI v3 has it. */
  static ObjectNode objectMeta() {
    return ObjectMetaSchema.schema().put("description", META_DESCRIPTION);
  }

  /** ObjectMeta as OpenAPI v2 has it. */
  static ObjectNode objectMetaV2() {
    return toV2(objectMeta());
  }

  private static ObjectNode completed(ResourceType type, ObjectNode schema, ObjectNode meta) {
    ObjectNode own =
        schema.path("properties") instanceof ObjectNode some ? some : schema.objectNode();
    ObjectNode properties = schema.objectNode();
    text(properties, "apiVersion", "Group and version of this representation of the object.");
    text(properties, "kind", "Which REST resource the object represents, in CamelCase.");
    properties.set("metadata", meta);
    for (Map.Entry<String, JsonNode> property : own.properties()) {
      if (!properties.has(property.getKey())) {
        properties.set(property.getKey(), property.getValue());
      }
    }
    schema.put("type", "object").set("properties", properties);
    schema.putArray("x-kubernetes-group-version-kind").add(groupVersionKind(type));
    return schema;
  }

  private static void text(ObjectNode properties, String name, String description) {
    properties.putObject(name).put("description", description).put("type", "string");
  }

  private static ObjectNode toV2(JsonNode schema) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
      if (!NOT_IN_V2.contains(keyword.getKey())) {
        result.set(keyword.getKey(), valueToV2(keyword.getKey(), keyword.getValue()));
      }
    }
    if (schema.path("nullable").asBoolean(false)) {
      result.remove(List.of("type", "properties", "items"));
    }
    if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean(false)) {
      result.remove(List.of("properties", "items"));
    }
    return result;
  }

  private static JsonNode valueToV2(String keyword, JsonNode value) {
    if (keyword.equals("properties")) {
      ObjectNode properties = JsonNodeFactory.instance.objectNode();
      value.properties().forEach(p -> properties.set(p.getKey(), toV2(p.getValue())));
      return properties;
    }
    boolean nested = keyword.equals("items") || keyword.equals("additionalProperties");
    return nested && value.isObject() ? toV2(value) : value.deepCopy();
  }
}
