package io.kubekv.cli.terminal;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.LockState;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.WatchEvent;
import io.kubekv.export.JsonValues;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the verbs print as JSON. A value that is UTF-8 is the text {@code value}; any other is
 * {@code base64}. Times are milliseconds and ISO 8601, revisions and flags unsigned numbers.
 */
public final class Json {
  public static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** One line, without its end. */
  public static String line(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  public static ObjectNode entry(Entry entry) {
    ObjectNode node = object().put("key", entry.key().text());
    if (entry.isDirectory()) {
      node.put("directory", true);
    } else {
      value(node, entry.value());
    }
    unsigned(node, "flags", entry.flags());
    revision(node, "createRevision", entry.createRevision());
    revision(node, "modifyRevision", entry.modifyRevision());
    unsigned(node, "version", entry.version());
    entry
        .expiry()
        .ifPresent(
            expiry ->
                node.put("ttlMillis", expiry.timeToLive().toMillis())
                    .put("expiresAt", expiry.expiresAt().toString()));
    if (!entry.lock().equals(LockState.NONE)) {
      node.set("lock", lock(entry.lock()));
    }
    entry.attachedTo().ifPresent(session -> node.put("attachedTo", session.toString()));
    return node;
  }

  public static void value(ObjectNode node, Bytes value) {
    JsonValues.value(node, value);
  }

  public static void revision(ObjectNode node, String name, Revision revision) {
    unsigned(node, name, revision.value());
  }

  public static void unsigned(ObjectNode node, String name, long number) {
    JsonValues.unsigned(node, name, number);
  }

  public static ObjectNode refused(Refused refused) {
    ObjectNode node = object().put("refused", refused.reason().name());
    revision(node, "revision", refused.revision());
    refused.entry().ifPresent(entry -> node.set("entry", entry(entry)));
    refused.delay().ifPresent(delay -> node.put("delayMillis", delay.toMillis()));
    return node;
  }

  public static ObjectNode session(Session session) {
    ObjectNode node = object().put("id", session.id().toString());
    node.put("name", session.spec().name());
    session.spec().timeToLive().ifPresent(ttl -> node.put("ttlMillis", ttl.toMillis()));
    node.put("behavior", session.spec().behavior().name());
    node.put("lockDelayMillis", session.spec().lockDelay().toMillis());
    node.put("span", session.spec().span().name());
    revision(node, "createRevision", session.createRevision());
    return node;
  }

  public static ObjectNode event(WatchEvent event) {
    ObjectNode node = object();
    revision(node, "revision", event.revision());
    switch (event) {
      case WatchEvent.Put put -> {
        node.put("event", "put").put("cause", put.cause().name());
        node.set("entry", entry(put.entry()));
        previous(node, put.previous());
      }
      case WatchEvent.Delete delete -> {
        node.put("event", "delete").put("cause", delete.cause().name());
        previous(node, Optional.of(delete.previous()));
        if (!delete.below().isEmpty()) {
          ArrayNode below = node.putArray("below");
          delete.below().forEach(entry -> below.add(entry(entry)));
        }
      }
      case WatchEvent.Progress progress -> node.put("event", "progress");
      case WatchEvent.HistoryGone gone -> node.put("event", "historyGone");
    }
    return node;
  }

  private static void previous(ObjectNode node, Optional<Entry> previous) {
    previous.ifPresent(entry -> node.set("previous", entry(entry)));
  }

  private static ObjectNode lock(LockState lock) {
    ObjectNode node = object();
    lock.holder().ifPresent(holder -> node.put("session", holder.toString()));
    unsigned(node, "lockIndex", lock.lockIndex());
    lock.acquireRevision().ifPresent(token -> revision(node, "token", token));
    lock.fence().ifPresent(fence -> revision(node, "fence", fence));
    return node;
  }
}
