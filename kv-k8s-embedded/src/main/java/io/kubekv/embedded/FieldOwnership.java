package io.kubekv.embedded;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** metadata.managedFields of objects under writes that are no server-side apply. */
final class FieldOwnership {
  private FieldOwnership() {}

  /**
   * Takes over the managedFields of {@code now}, unless the update resets them by {@code [{}]}:
   * what an update says about them otherwise does not count.
   *
   * @return whether the update resets them
   */
  static boolean carryOver(ObjectNode now, ObjectNode merged) {
    ObjectNode metadata = (ObjectNode) merged.path("metadata");
    JsonNode given = metadata.path("managedFields");
    boolean reset = given.size() == 1 && given.path(0).isEmpty();
    JsonNode tracked = now.path("metadata").path("managedFields");
    if (reset || tracked.isEmpty()) {
      metadata.remove("managedFields");
    } else {
      metadata.set("managedFields", tracked);
    }
    return reset;
  }

  /** Whether two states differ at most in the times at which fields were last claimed. */
  static boolean sameButForTimes(ObjectNode a, ObjectNode b) {
    return withoutTimes(a).equals(withoutTimes(b));
  }

  private static ObjectNode withoutTimes(ObjectNode object) {
    if (object.path("metadata").path("managedFields").isEmpty()) {
      return object;
    }
    ObjectNode copy = object.deepCopy();
    for (JsonNode entry : copy.path("metadata").path("managedFields")) {
      if (entry instanceof ObjectNode node) {
        node.remove("time");
      }
    }
    return copy;
  }
}
