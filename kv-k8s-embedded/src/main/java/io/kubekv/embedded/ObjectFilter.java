package io.kubekv.embedded;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which objects of a table a list or a watch is about.
 *
 * @param prefix what the key must begin with: the namespace and a slash, or nothing
 * @param labels selector on labels
 * @param fields selector on fields, {@code metadata.name} among them
 */
record ObjectFilter(String prefix, LabelSelector labels, FieldSelector fields) {

  /** Reads namespace, name and selectors of a request; 400 when a selector is malformed. */
  static ObjectFilter of(ApiRequest request) {
    String selector = request.parameter("fieldSelector").orElse("");
    if (!request.name().isEmpty()) {
      selector =
          selector.isEmpty()
              ? "metadata.name=" + request.name()
              : selector + ",metadata.name=" + request.name();
    }
    return new ObjectFilter(
        request.namespace().isEmpty() ? "" : request.namespace() + "/",
        LabelSelector.parse(request.parameter("labelSelector").orElse("")),
        FieldSelector.parse(selector, request.type()));
  }

  /** Whether objects must be looked into. */
  boolean selective() {
    return !labels.isEverything() || !fields.isEverything();
  }

  /** Whether a reader sees this state of the object: it exists and matches. */
  boolean matches(String key, @Nullable Version version) {
    if (version == null || version.deleted() || !key.startsWith(prefix)) {
      return false;
    }
    return !selective() || selects(key, version);
  }

  private boolean selects(String key, Version version) {
    String name = fields.exactName().orElse("");
    if (!name.isEmpty() && !key.endsWith("/" + name)) {
      return false;
    }
    ObjectNode object = ObjectJson.parse(version);
    return labels.matches(object.path("metadata").path("labels")) && fields.matches(object);
  }
}
