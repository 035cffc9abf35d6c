package io.kubekv.export;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Expiry;
import io.kubekv.Key;
import io.kubekv.Kind;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of an entry is moved from one store to another: no revisions, no locks.
 *
 * @param timeToLive the full time to live, absent when the entry does not end
 * @param expiresAt when it ends, by the clock of the store that it comes from
 * @param metadata what is kept beside its value (of a ZooKeeper node: who may do what with it)
 */
public record Item(
    Key key,
    Kind kind,
    Bytes value,
    long flags,
    Optional<Duration> timeToLive,
    Optional<Instant> expiresAt,
    Bytes metadata) {
  public static Item of(Entry entry) {
    return new Item(
        entry.key(),
        entry.kind(),
        entry.value(),
        entry.flags(),
        entry.expiry().map(Expiry::timeToLive),
        entry.expiry().map(Expiry::expiresAt),
        entry.metadata().content());
  }

  /** A value without flags or an end. */
  public static Item of(Key key, Bytes value) {
    return plain(key, Kind.VALUE, value);
  }

  public static Item directory(Key key) {
    return plain(key, Kind.DIRECTORY, Bytes.EMPTY);
  }

  private static Item plain(Key key, Kind kind, Bytes value) {
    return new Item(key, kind, value, 0, Optional.empty(), Optional.empty(), Bytes.EMPTY);
  }

  public Item withFlags(long newFlags) {
    return new Item(key, kind, value, newFlags, timeToLive, expiresAt, metadata);
  }

  public Item withExpiry(Duration newTimeToLive, Instant newExpiresAt) {
    return new Item(
        key, kind, value, flags, Optional.of(newTimeToLive), Optional.of(newExpiresAt), metadata);
  }

  public Item withMetadata(Bytes newMetadata) {
    return new Item(key, kind, value, flags, timeToLive, expiresAt, newMetadata);
  }

  /** Whether the entry is this one: the same but for when exactly it ends. */
  public boolean is(Entry entry) {
    return kind == entry.kind()
        && value.equals(entry.value())
        && flags == entry.flags()
        && timeToLive.isPresent() == entry.expiry().isPresent()
        && metadata.equals(entry.metadata().content());
  }

  ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("key", key.text());
    if (kind == Kind.DIRECTORY) {
      node.put("directory", true);
    } else {
      JsonValues.value(node, value);
    }
    if (flags != 0) {
      JsonValues.unsigned(node, "flags", flags);
    }
    timeToLive.ifPresent(time -> node.put("ttlMillis", time.toMillis()));
    expiresAt.ifPresent(time -> node.put("expiresAt", time.toString()));
    if (metadata.size() > 0) {
      node.put("metadata", metadata.toBase64());
    }
    return node;
  }

  /** Reads what {@link #toJson} wrote; a runtime exception when it is something else. */
  static Item fromJson(JsonNode node) {
    Key key = Key.of(node.required("key").asString());
    if (node.has("directory")) {
      return withTheRest(directory(key), node);
    }
    Bytes value =
        node.has("base64")
            ? Bytes.base64(node.get("base64").asString())
            : Bytes.utf8(node.required("value").asString());
    BigInteger flags = node.has("flags") ? node.get("flags").bigIntegerValue() : BigInteger.ZERO;
    return withTheRest(of(key, value).withFlags(flags.longValue()), node);
  }

  private static Item withTheRest(Item plain, JsonNode node) {
    Item item =
        node.has("metadata")
            ? plain.withMetadata(Bytes.base64(node.get("metadata").asString()))
            : plain;
    return node.has("ttlMillis")
        ? item.withExpiry(
            Duration.ofMillis(node.get("ttlMillis").asLong()),
            Instant.parse(node.required("expiresAt").asString()))
        : item;
  }
}
