package io.kubekv.etcdv2file;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.export.Item;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What clients have kept in an etcd v2, as its store says it: hidden keys too, and no members. */
public final class EtcdV2Keys {
  /** In etcd's own store clients' keys are below {@code /1}, and its members below {@code /0}. */
  private static final String CLIENTS = "1";

  private final EtcdV2Snapshot snapshot;
  private final JsonNode keys;
  private final long count;

  public EtcdV2Keys(EtcdV2Snapshot snapshot) {
    this.snapshot = snapshot;
    this.keys = snapshot.store().path("Root").path("Children").path(CLIENTS);
    this.count = count(keys);
  }

  private static long count(JsonNode directory) {
    long count = 0;
    for (JsonNode node : directory.path("Children")) {
      count += 1 + count(node);
    }
    return count;
  }

  /** How many there are, directories included. */
  public long count() {
    return count;
  }

  /** What a user is to know of it before anything is moved. */
  public String note() {
    return "This is the snapshot at raft index "
        + snapshot.index()
        + " (X-Etcd-Index "
        + snapshot.store().path("CurrentIndex").asLong()
        + "), with "
        + count
        + " keys and directories. What was written after it is only in etcd's log and not"
        + " imported; to have all of it in a snapshot, start that etcd once more with"
        + " --snapshot-count=1, and stop it.";
  }

  /**
   * Hands on every entry, parents before what is below them.
   *
   * @param now by which clock times to live go on
   * @throws EtcdV2FileException when one is not as etcd writes it
   */
  public void each(Instant now, Consumer<Item> items) {
    below(keys, Optional.empty(), now, items);
  }

  /**
   * @param over when the time of a directory above was over; all below it went with it
   */
  private static void below(
      JsonNode directory, Optional<Instant> over, Instant now, Consumer<Item> items) {
    for (JsonNode node : directory.path("Children")) {
      Optional<Instant> ends = over.or(() -> ends(node));
      items.accept(item(node, ends, now));
      below(node, ends.filter(end -> !end.isAfter(now)), now, items);
    }
  }

  private static Item item(JsonNode node, Optional<Instant> ends, Instant now) {
    try {
      String path = node.required("Path").asString();
      Key key = Key.of(path.substring(path.indexOf('/', 1) + 1));
      Item item =
          node.path("Children").isObject()
              ? Item.directory(key)
              : Item.of(key, Bytes.utf8(node.path("Value").asString("")));
      return ends.map(end -> item.withExpiry(Duration.between(now, end), end)).orElse(item);
    } catch (JacksonException | IllegalArgumentException | ArithmeticException wrong) {
      throw new EtcdV2FileException("one of its keys is none of an etcd v2", wrong);
    }
  }

  /** Go writes the year 1 where there is no end. */
  private static Optional<Instant> ends(JsonNode node) {
    try {
      return Optional.of(node.path("ExpireTime").asString(""))
          .filter(text -> !text.isEmpty())
          .map(text -> OffsetDateTime.parse(text).toInstant())
          .filter(end -> end.isAfter(Instant.EPOCH));
    } catch (JacksonException | DateTimeException wrong) {
      throw new EtcdV2FileException("the end of one of its keys is no time", wrong);
    }
  }
}
