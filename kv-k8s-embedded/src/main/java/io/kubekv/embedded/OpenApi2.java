package io.kubekv.embedded;

import java.util.Collection;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI v2 document of all types, in JSON and as gnostic's protobuf message. kubectl before
 * 1.27 validates and explains with it, and looks for the {@code dryRun} parameter in it. Made from
 * one state of the catalogue of types; immutable.
 */
final class OpenApi2 {
  private final ObjectNode document;
  private final byte[] protobuf;

  OpenApi2(Collection<ResourceType> types) {
    document = JsonNodeFactory.instance.objectNode().put("swagger", "2.0");
    document.putObject("info").put("title", "kubekv").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    ObjectNode definitions = document.putObject("definitions");
    definitions.set(OpenApiDefinitions.OBJECT_META, OpenApiDefinitions.objectMetaV2());
    for (ResourceType type : types) {
      definitions.set(OpenApiDefinitions.name(type), OpenApiDefinitions.v2(type));
      addPath(paths, type);
    }
    protobuf = Gnostic.encode(document);
  }

  /** The document in JSON; shared, not to be changed. */
  ObjectNode json() {
    return document;
  }

  /** The document as an {@code openapi.v2.Document}, for {@link Negotiation#OPENAPI_PROTOBUF}. */
  byte[] protobuf() {
    return protobuf.clone();
  }

  private static void addPath(ObjectNode paths, ResourceType type) {
    ObjectNode item = paths.putObject(OpenApi3.collectionPath(type) + "/{name}");
    ObjectNode patch = item.putObject("patch").put("operationId", "patch" + type.kind());
    patch.set("parameters", OpenApi3.writeParameters(false));
    patch.putObject("responses").putObject("200").put("description", "OK");
    patch.put("x-kubernetes-action", "patch");
    patch.set("x-kubernetes-group-version-kind", OpenApiDefinitions.groupVersionKind(type));
  }
}
