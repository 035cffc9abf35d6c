package io.kubekv.embedded;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code application/merge-patch+json} (RFC 7386), and what of {@code
 * application/strategic-merge-patch+json} is the same thing.
 */
final class JsonMergePatch {
  /** Lists that a strategic merge patch merges by element, in the built-in types we serve. */
  private static final Set<String> MERGED_LISTS =
      Set.of("finalizers", "ownerReferences", "conditions");

  private JsonMergePatch() {}

  /**
   * The patched copy of the object; neither argument is changed.
   *
   * @throws ApiException 400 when the patch is not an object
   */
  static ObjectNode apply(ObjectNode object, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      throw Statuses.badRequest("error decoding patch: a merge patch must be a JSON object");
    }
    ObjectNode result = object.deepCopy();
    merge(result, changes);
    return result;
  }

  /**
   * The same for a strategic merge patch of a built-in type. kubectl sends these for namespaces and
   * leases; without directives and without lists that are merged by element they mean what a merge
   * patch means.
   *
   * @throws ApiException 415 when the patch needs what a merge patch cannot say
   */
  static ObjectNode applyStrategic(ObjectNode object, JsonNode patch) {
    if (needsStrategy(patch)) {
      throw Statuses.unsupportedMediaType(
          Set.of("application/merge-patch+json", "application/json-patch+json"));
    }
    return apply(object, patch);
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      String name = change.getKey();
      if (change.getValue().isNull()) {
        target.remove(name);
      } else if (change.getValue() instanceof ObjectNode nested) {
        ObjectNode below =
            target.get(name) instanceof ObjectNode old
                ? old
                : JsonNodeFactory.instance.objectNode();
        merge(below, nested);
        target.set(name, below);
      } else {
        target.set(name, change.getValue().deepCopy());
      }
    }
  }

  private static boolean needsStrategy(JsonNode patch) {
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      if (change.getKey().startsWith("$")
          || (MERGED_LISTS.contains(change.getKey()) && change.getValue().isArray())
          || needsStrategy(change.getValue())) {
        return true;
      }
    }
    return false;
  }
}
