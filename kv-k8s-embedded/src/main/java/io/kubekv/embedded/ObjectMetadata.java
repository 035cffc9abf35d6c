package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The rules for metadata of new and changed objects. */
final class ObjectMetadata {
  /** What only the server sets; a client's values are ignored. */
  static final List<String> SERVER_OWNED =
      List.of(
          "namespace",
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generateName");

  private static final String GENERATED = "bcdfghjklmnpqrstvwxz2456789";
  private static final int GENERATED_LENGTH = 5;
  private static final int MAX_GENERATED_BASE = 58;
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");

  private ObjectMetadata() {}

  /**
   * Checks that the body is an object of this type that belongs under this path; its metadata, made
   * if missing.
   */
  static ObjectNode of(ApiRequest request, ObjectNode body) {
    ResourceType type = request.type();
    checkTypeMeta(type, body);
    ObjectNode metadata =
        body.path("metadata") instanceof ObjectNode given ? given : body.putObject("metadata");
    String namespace = metadata.path("namespace").asString("");
    if (!namespace.isEmpty() && !namespace.equals(request.namespace())) {
      throw Statuses.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    if (type.namespaced()) {
      metadata.put("namespace", request.namespace());
    }
    return metadata;
  }

  private static void checkTypeMeta(ResourceType type, ObjectNode body) {
    String apiVersion = body.path("apiVersion").asString("");
    String kind = body.path("kind").asString("");
    if (kind.isEmpty() && !body.has("kind")) {
      body.put("kind", type.kind());
    } else if (!kind.equals(type.kind())) {
      throw Statuses.badRequest(
          "the kind in the data (%s) does not match the expected kind (%s)"
              .formatted(kind, type.kind()));
    }
    if (apiVersion.isEmpty()) {
      body.put("apiVersion", type.apiVersion());
    } else if (!apiVersion.equals(type.apiVersion())) {
      throw Statuses.badRequest(
          "the API version in the data (%s) does not match the expected API version (%s)"
              .formatted(apiVersion, type.apiVersion()));
    }
  }

  /** Makes a new object's metadata complete and refuses what must not be in it. */
  static void prepare(ServedType served, ObjectNode object, Clocks clocks) {
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    String revision = metadata.path("resourceVersion").asString("");
    if (!revision.isEmpty() && !revision.equals("0")) {
      throw Statuses.revisionOnCreate();
    }
    for (String owned :
        List.of(
            "uid",
            "resourceVersion",
            "generation",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "selfLink")) {
      metadata.remove(owned);
    }
    generateName(metadata);
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", clocks.timestamp());
    if (served.rules().generation()) {
      metadata.put("generation", 1);
    }
  }

  private static void generateName(ObjectNode metadata) {
    String base = metadata.path("generateName").asString("");
    if (!metadata.path("name").asString("").isEmpty() || base.isEmpty()) {
      return;
    }
    StringBuilder name =
        new StringBuilder(
            base.length() > MAX_GENERATED_BASE ? base.substring(0, MAX_GENERATED_BASE) : base);
    for (int i = 0; i < GENERATED_LENGTH; i++) {
      name.append(GENERATED.charAt(ThreadLocalRandom.current().nextInt(GENERATED.length())));
    }
    metadata.put("name", name.toString());
  }

  /** Refuses names and labels that the API does not allow. */
  static void checkNames(ServedType served, ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    String name = metadata.path("name").asString("");
    List<FieldError> errors = new ArrayList<>(0);
    if (name.isEmpty()) {
      errors.add(FieldError.required("metadata.name", "name or generateName is required"));
    } else {
      checkName(served, name, errors);
    }
    for (var label : metadata.path("labels").properties()) {
      String value = label.getValue().asString("");
      if (value.length() > 63 || !LABEL_VALUE.matcher(value).matches()) {
        errors.add(
            FieldError.invalid(
                "metadata.labels",
                value,
                "a valid label must be an empty string or consist of at most 63 alphanumeric"
                    + " characters, '-', '_' or '.', and must start and end with an alphanumeric"
                    + " character"));
      }
    }
    if (!errors.isEmpty()) {
      throw Statuses.invalid(served.type(), name, errors);
    }
  }

  private static void checkName(ServedType served, String name, List<FieldError> errors) {
    boolean label = served.rules() == ServedType.Rules.NAMESPACE;
    int max = label ? 63 : 253;
    if (name.length() > max) {
      errors.add(
          FieldError.invalid("metadata.name", name, "must be no more than " + max + " characters"));
    } else if (!(label ? LABEL : SUBDOMAIN).matcher(name).matches()) {
      errors.add(
          FieldError.invalid(
              "metadata.name",
              name,
              label
                  ? "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or"
                      + " '-', and must start and end with an alphanumeric character"
                  : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                      + " characters, '-' or '.', and must start and end with an alphanumeric"
                      + " character"));
    }
  }

  /** 422 for a resourceVersion that is not a number, which no object can have. */
  static void checkResourceVersion(ResourceType type, String name, String revision) {
    if (!isNumber(revision)) {
      throw Statuses.invalid(
          type,
          name,
          List.of(
              FieldError.invalid("metadata.resourceVersion", revision, "must be a whole number")));
    }
  }

  private static boolean isNumber(String text) {
    try {
      Long.parseUnsignedLong(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
