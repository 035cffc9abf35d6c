package io.kubekv.e2e;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Compares an answer with the recorded one. Equal must be: the status, the content type, the error
 * code with its message and cause, the action, and every field of every node. Of an index it is
 * asked that it is the one that the answers to the changes have shown in the place of the recorded
 * one; of a directory's index only that it is there, for directories made on the way to a key may
 * have one of their own. Expirations and seconds to live must be there or absent as recorded.
 * Children of an unsorted listing may come in any order.
 */
final class Comparison {
  private final Indexes indexes;
  private final boolean sorted;

  private Comparison(Indexes indexes, boolean sorted) {
    this.indexes = indexes;
    this.sorted = sorted;
  }

  /** What differs, in words; nothing when the answer may stand for the recorded one. */
  static Optional<String> difference(
      Exchange recorded, HttpAnswer answer, JsonNode body, Indexes indexes) {
    if (answer.status() != recorded.status()) {
      return Optional.of(
          "status "
              + answer.status()
              + " instead of "
              + recorded.status()
              + ": "
              + answer.body().strip());
    }
    if (!answer.header("Content-Type").orElse("none").equals("application/json")) {
      return Optional.of("content type " + answer.header("Content-Type").orElse("none"));
    }
    if (!recorded.isOnKeys()) {
      return memberList(body);
    }
    long stated = Long.parseLong(answer.header("X-Etcd-Index").orElse("-1"));
    if (stated < indexes.highest() && !recorded.isWatch()) {
      return Optional.of(
          "X-Etcd-Index " + stated + " is below the last change's index " + indexes.highest());
    }
    return new Comparison(indexes, recorded.target().contains("sorted=true"))
        .objects(recorded.answer(), body, "");
  }

  /**
   * Members name themselves and their addresses as they are; there must be one, with an address for
   * clients.
   */
  private static Optional<String> memberList(JsonNode body) {
    boolean usable =
        body.path("members").size() == 1
            && body.path("members").get(0).path("clientURLs").size() > 0;
    return usable ? Optional.empty() : Optional.of("not one member with a client URL: " + body);
  }

  private Optional<String> objects(JsonNode recorded, JsonNode replayed, String where) {
    TreeSet<String> names = new TreeSet<>(recorded.propertyNames());
    names.addAll(replayed.propertyNames());
    for (String name : names) {
      String at = where + "/" + name;
      if (recorded.has(name) != replayed.has(name)) {
        return Optional.of(
            at
                + (recorded.has(name)
                    ? " is missing, recorded " + recorded.get(name)
                    : " is too much: " + replayed.get(name)));
      }
      Optional<String> difference = values(name, recorded, replayed, at);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private Optional<String> values(String name, JsonNode in, JsonNode replayedIn, String at) {
    JsonNode recorded = in.get(name);
    JsonNode replayed = replayedIn.get(name);
    return switch (name) {
      case "node", "prevNode" -> objects(recorded, replayed, at);
      case "nodes" -> children(recorded, replayed, at);
      case "modifiedIndex", "createdIndex" ->
          index(recorded, replayed, in.path("dir").asBoolean(false), at);
      case "index" -> same(replayed.asLong() >= indexes.highest(), recorded, replayed, at);
      case "ttl" -> same(replayed.asLong() > 0 && replayed.asLong() <= 60, recorded, replayed, at);
      case "expiration" -> same(replayed.isString(), recorded, replayed, at);
      case "cause" ->
          same(
              indexes.translateCause(recorded.asString()).equals(replayed.asString()),
              recorded,
              replayed,
              at);
      default -> same(recorded.equals(replayed), recorded, replayed, at);
    };
  }

  private Optional<String> index(
      JsonNode recorded, JsonNode replayed, boolean directory, String at) {
    boolean matches =
        directory ? replayed.asLong() > 0 : indexes.match(recorded.asLong(), replayed.asLong());
    return matches
        ? Optional.empty()
        : Optional.of(
            at
                + " is "
                + replayed
                + ", recorded "
                + recorded
                + " which stands for "
                + indexes.of(recorded.asLong()));
  }

  private Optional<String> children(JsonNode recorded, JsonNode replayed, String at) {
    List<JsonNode> expected = inOrder(recorded);
    List<JsonNode> found = inOrder(replayed);
    if (expected.size() != found.size()) {
      return Optional.of(at + " has " + found.size() + " children, recorded " + expected.size());
    }
    for (int i = 0; i < expected.size(); i++) {
      Optional<String> difference = objects(expected.get(i), found.get(i), at + "/" + i);
      if (difference.isPresent()) {
        return difference;
      }
    }
    return Optional.empty();
  }

  private List<JsonNode> inOrder(JsonNode children) {
    List<JsonNode> list = new ArrayList<>(children.values());
    if (!sorted) {
      list.sort(Comparator.comparing(child -> child.path("key").asString("")));
    }
    return list;
  }

  private static Optional<String> same(
      boolean same, JsonNode recorded, JsonNode replayed, String at) {
    return same ? Optional.empty() : Optional.of(at + " is " + replayed + ", recorded " + recorded);
  }
}
