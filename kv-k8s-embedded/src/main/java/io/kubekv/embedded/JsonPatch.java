package io.kubekv.embedded;

import io.fabric8.zjsonpatch.CompatibilityFlags;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.util.EnumSet;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code application/json-patch+json} (RFC 6902), applied by zjsonpatch, with bounds: a patch of a
 * few hundred bytes can copy an object into itself until memory runs out.
 */
final class JsonPatch {
  /** As kube-apiserver has it. */
  static final int MAX_OPERATIONS = 10_000;

  /** Characters that the copy operations of one patch may copy; kube-apiserver says 3 MiB too. */
  static final int MAX_COPIED = 3 << 20;

  /** Ours: each copy costs a copy of the whole object, to know how much it would add. */
  static final int MAX_COPIES = 100;

  private JsonPatch() {}

  /**
   * The patched copy of the object; neither argument is changed.
   *
   * @throws ApiException 400 when it is not a patch, 413 when it is too large, 422 when it cannot
   *     be applied to this object, which includes a {@code test} that fails
   */
  static ObjectNode apply(ObjectNode object, JsonNode patch) {
    requireBounded(patch);
    JsonNode result = object;
    int copied = 0;
    ArrayNode operations = JsonNodeFactory.instance.arrayNode();
    for (JsonNode operation : patch) {
      if (isCopy(operation)) {
        result = applyAll(operations, result);
        operations = JsonNodeFactory.instance.arrayNode();
        copied += source(operation, result).toString().length();
        if (copied > MAX_COPIED) {
          throw Statuses.requestEntityTooLarge(
              "the copy operations of a JSON patch may copy %d characters".formatted(MAX_COPIED));
        }
      }
      operations.add(operation);
    }
    if (applyAll(operations, result) instanceof ObjectNode patched) {
      return patched;
    }
    throw Statuses.unprocessable("the patch leaves something that is not an object");
  }

  private static JsonNode applyAll(ArrayNode operations, JsonNode target) {
    try {
      return io.fabric8.zjsonpatch.JsonPatch.apply(
          operations, target, EnumSet.of(CompatibilityFlags.FORBID_REMOVE_MISSING_OBJECT));
    } catch (JsonPatchException e) {
      throw Statuses.unprocessable(
          "the server rejected our request due to an error in our request: " + e.getMessage());
    }
  }

  private static JsonNode source(JsonNode copy, JsonNode target) {
    try {
      return target.at(JsonPointer.compile(copy.path("from").asString("")));
    } catch (IllegalArgumentException e) {
      throw Statuses.unprocessable("the patch copies from no pointer: " + e.getMessage());
    }
  }

  private static void requireBounded(JsonNode patch) {
    if (!patch.isArray()) {
      throw Statuses.badRequest("error decoding patch: a JSON patch must be an array");
    }
    if (patch.size() > MAX_OPERATIONS) {
      throw Statuses.requestEntityTooLarge(
          "The allowed maximum operations in a JSON patch is %d, got %d"
              .formatted(MAX_OPERATIONS, patch.size()));
    }
    long copies = patch.valueStream().filter(JsonPatch::isCopy).count();
    if (copies > MAX_COPIES) {
      throw Statuses.requestEntityTooLarge(
          "The allowed maximum copy operations in a JSON patch is %d, got %d"
              .formatted(MAX_COPIES, copies));
    }
  }

  private static boolean isCopy(JsonNode operation) {
    return operation.path("op").asString("").equals("copy");
  }
}
