package io.kubekv.embedded;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI v3 documents: one per group and version, and a root that lists them with their
 * hashes. Made from one state of the catalogue of types; immutable.
 *
 * <p>kubectl explains types with them, and takes the {@code fieldValidation} parameter of PATCH as
 * the sign that the server validates fields by itself.
 */
final class OpenApi3 {
  /** Query parameters of writes: name, type, description. */
  private static final List<List<String>> WRITE_PARAMETERS =
      List.of(
          List.of("dryRun", "string", "All: go through every check and change nothing."),
          List.of("fieldManager", "string", "Who makes the change."),
          List.of(
              "fieldValidation", "string", "Ignore, Warn or Strict: unknown and double fields."));

  /** Documents by path, {@code api/v1} or {@code apis/GROUP/VERSION}. */
  private final Map<String, byte[]> documents = new TreeMap<>();

  OpenApi3(Collection<ResourceType> types) {
    Map<String, List<ResourceType>> byPath = new TreeMap<>();
    for (ResourceType type : types) {
      byPath.computeIfAbsent(root(type), path -> new ArrayList<>()).add(type);
    }
    byPath.forEach(
        (path, some) ->
            documents.put(path, document(some).toString().getBytes(StandardCharsets.UTF_8)));
  }

  /** {@code /openapi/v3}. */
  ObjectNode root() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode paths = root.putObject("paths");
    documents.forEach(
        (path, document) ->
            paths
                .putObject(path)
                .put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash(document)));
    return root;
  }

  /**
   * The JSON document of {@code /openapi/v3/PATH}.
   *
   * @param path such as {@code api/v1} or {@code apis/kubekv.io/v1}; empty answer when not served
   */
  Optional<byte[]> document(String path) {
    return Optional.ofNullable(documents.get(path));
  }

  /** The query parameters of writes, in the form of this version of OpenAPI or of the other. */
  static ArrayNode writeParameters(boolean typeInSchema) {
    ArrayNode parameters = JsonNodeFactory.instance.arrayNode();
    for (List<String> parameter : WRITE_PARAMETERS) {
      ObjectNode node = parameters.addObject().put("name", parameter.get(0)).put("in", "query");
      node.put("description", parameter.get(2));
      (typeInSchema ? node.putObject("schema") : node).put("type", parameter.get(1));
    }
    return parameters;
  }

  /** {@code /apis/GROUP/VERSION/namespaces/{namespace}/PLURAL}, as far as the type has it. */
  static String collectionPath(ResourceType type) {
    String namespace = type.namespaced() ? "/namespaces/{namespace}" : "";
    return "/" + root(type) + namespace + "/" + type.plural();
  }

  private static String root(ResourceType type) {
    return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
  }

  private static ObjectNode document(List<ResourceType> types) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
    document.putObject("info").put("title", "kubekv").put("version", "v1");
    ObjectNode paths = document.putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (ResourceType type : types) {
      schemas.set(OpenApiDefinitions.name(type), OpenApiDefinitions.v3(type));
      addPaths(paths, type);
    }
    schemas.set(OpenApiDefinitions.OBJECT_META, OpenApiDefinitions.objectMeta());
    return document;
  }

  private static void addPaths(ObjectNode paths, ResourceType type) {
    String collection = collectionPath(type);
    ObjectNode many = paths.putObject(collection);
    operation(many, "get", "list", type, false);
    operation(many, "post", "create", type, true);
    ObjectNode one = paths.putObject(collection + "/{name}");
    operation(one, "get", "read", type, false);
    operation(one, "put", "replace", type, true);
    operation(one, "patch", "patch", type, true);
    operation(one, "delete", "delete", type, false);
    addPathParameters(many, type, List.of());
    addPathParameters(one, type, List.of("name"));
    if (type.namespaced()) {
      ObjectNode everywhere = paths.putObject("/" + root(type) + "/" + type.plural());
      operation(everywhere, "get", "listForAllNamespaces", type, false);
    }
  }

  private static void addPathParameters(ObjectNode item, ResourceType type, List<String> last) {
    List<String> names = new ArrayList<>(type.namespaced() ? List.of("namespace") : List.of());
    names.addAll(last);
    ArrayNode parameters = item.putArray("parameters");
    for (String name : names) {
      ObjectNode parameter = parameters.addObject().put("name", name).put("in", "path");
      parameter.put("required", true).putObject("schema").put("type", "string");
    }
  }

  private static void operation(
      ObjectNode item, String method, String action, ResourceType type, boolean write) {
    ObjectNode operation = item.putObject(method).put("operationId", action + type.kind());
    String reference = "#/components/schemas/" + OpenApiDefinitions.name(type);
    if (write) {
      operation.set("parameters", writeParameters(true));
      String body = method.equals("patch") ? "application/merge-patch+json" : "application/json";
      content(operation.putObject("requestBody"), body).put("$ref", reference);
    }
    ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
    if (!action.startsWith("list")) {
      content(ok, "application/json").put("$ref", reference);
    }
    operation.put("x-kubernetes-action", action);
    operation.set("x-kubernetes-group-version-kind", OpenApiDefinitions.groupVersionKind(type));
  }

  private static ObjectNode content(ObjectNode node, String mediaType) {
    return node.putObject("content").putObject(mediaType).putObject("schema");
  }

  private static String hash(byte[] document) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(document);
      return HexFormat.of().withUpperCase().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
