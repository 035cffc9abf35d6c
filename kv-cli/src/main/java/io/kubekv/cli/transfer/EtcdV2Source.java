package io.kubekv.cli.transfer;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.export.Item;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The keys of an etcd v2 store as one snapshot, which the answer of one request holds. etcd lists
 * no hidden keys (those with an element that begins with {@code _}), so they are not moved.
 */
final class EtcdV2Source implements Source {
  private final HttpJson http;
  private final InstantSource clock;

  EtcdV2Source(HttpJson http, InstantSource clock) {
    this.http = http;
    this.clock = clock;
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.empty();
  }

  @Override
  public void each(Consumer<Item> items) {
    JsonNode answer =
        http.get("/v2/keys/?recursive=true&sorted=true&quorum=true")
            .orElseThrow(() -> TransferException.unavailable("this server has no etcd v2 keys"));
    below(answer.path("node"), items);
  }

  private void below(JsonNode directory, Consumer<Item> items) {
    for (JsonNode node : directory.path("nodes")) {
      Key key = Key.of(node.required("key").asString().substring(1));
      boolean isDirectory = node.path("dir").asBoolean(false);
      Item item =
          isDirectory
              ? Item.directory(key)
              : Item.of(key, Bytes.utf8(node.path("value").asString("")));
      items.accept(withExpiry(item, node.path("ttl").asLong(0)));
      below(node, items);
    }
  }

  private Item withExpiry(Item item, long seconds) {
    Duration left = Duration.ofSeconds(seconds);
    return left.isPositive() ? item.withExpiry(left, clock.instant().plus(left)) : item;
  }
}
