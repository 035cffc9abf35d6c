package io.kubekv.k8s.api;

import tools.jackson.databind.JsonNode;

/**
 * An object as the API shows it.
 *
 * @param version its {@code resourceVersion}: changes with every change, and is compared for
 *     equality only
 * @param generation counts the changes of its content, by whomever
 * @param spec its content; a missing node where it has none, or was not asked for
 */
public record ApiObject(String name, String uid, String version, long generation, JsonNode spec) {
  static ApiObject of(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    return new ApiObject(
        metadata.path("name").asString(""),
        metadata.path("uid").asString(""),
        metadata.path("resourceVersion").asString(""),
        metadata.path("generation").asLong(0),
        object.path("spec"));
  }
}
