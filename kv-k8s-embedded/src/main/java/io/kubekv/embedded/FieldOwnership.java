package io.kubekv.embedded;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** metadata.managedFields of objects that are written without server-side apply. */
final class FieldOwnership {
  private FieldOwnership() {}

  /** Settles the managedFields of an object that replaces {@code now}; part of {@code merged}. */
  static void afterUpdate(ObjectNode now, ObjectNode merged, Clocks clocks) {
    ObjectNode metadata = (ObjectNode) merged.path("metadata");
    JsonNode given = metadata.path("managedFields");
    boolean reset = given.size() == 1 && given.path(0).isEmpty();
    JsonNode tracked = now.path("metadata").path("managedFields");
    if (reset || tracked.isEmpty()) {
      metadata.remove("managedFields");
    } else {
      metadata.set("managedFields", tracked);
    }
  }
}
