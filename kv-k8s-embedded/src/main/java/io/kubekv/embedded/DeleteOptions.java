package io.kubekv.embedded;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a DELETE asks for besides deleting, from its body or its query.
 *
 * @param preconditions what must be true of the object
 * @param dryRun whether nothing is to be changed
 */
record DeleteOptions(ObjectEdits.Preconditions preconditions, boolean dryRun) {

  /** Reads the options; 400 when the body is not an object. */
  static DeleteOptions parse(ApiRequest request) {
    if (request.body().length() == 0) {
      return new DeleteOptions(
          new ObjectEdits.Preconditions(Optional.empty(), Optional.empty()), request.dryRun());
    }
    JsonNode options = request.object().root();
    JsonNode wanted = options.path("preconditions");
    boolean dry = request.dryRun();
    for (JsonNode value : options.path("dryRun")) {
      dry |= value.asString("").equals("All");
    }
    return new DeleteOptions(
        new ObjectEdits.Preconditions(text(wanted, "uid"), text(wanted, "resourceVersion")), dry);
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString() ? Optional.of(value.asString()) : Optional.empty();
  }
}
