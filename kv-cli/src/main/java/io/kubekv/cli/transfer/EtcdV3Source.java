package io.kubekv.cli.transfer;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.cli.terminal.Json;
import io.kubekv.export.Item;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of an etcd v3 store through its HTTP gateway (etcd 3.4 and later), page by page, all at
 * the revision of the first page. A key's lease becomes its time to live.
 */
final class EtcdV3Source implements Source {
  private static final int PAGE = 500;

  private final HttpJson http;
  private final InstantSource clock;
  private final Map<String, Lease> leases = new HashMap<>();

  EtcdV3Source(HttpJson http, InstantSource clock) {
    this.http = http;
    this.clock = clock;
  }

  /** How long a lease was granted for, and how long it has left. */
  private record Lease(Duration granted, Duration left) {}

  @Override
  public OptionalLong total() {
    ObjectNode count = range(new byte[1]).put("count_only", true);
    return OptionalLong.of(http.post("/v3/kv/range", count).path("count").asLong(0));
  }

  @Override
  public void each(Consumer<Item> items) {
    byte[] next = new byte[1];
    String revision = "0";
    boolean more = true;
    while (more) {
      JsonNode page =
          http.post("/v3/kv/range", range(next).put("limit", PAGE).put("revision", revision));
      if (revision.equals("0")) {
        revision = page.path("header").required("revision").asString();
      }
      for (JsonNode pair : page.path("kvs")) {
        byte[] key = Base64.getDecoder().decode(pair.required("key").asString());
        items.accept(item(key, pair));
        next = Arrays.copyOf(key, key.length + 1);
      }
      more = page.path("more").asBoolean(false);
    }
  }

  /** From a key to the end: etcd writes the end as one zero byte. */
  private static ObjectNode range(byte[] from) {
    Base64.Encoder encoder = Base64.getEncoder();
    return Json.object()
        .put("key", encoder.encodeToString(from))
        .put("range_end", encoder.encodeToString(new byte[1]));
  }

  private Item item(byte[] key, JsonNode pair) {
    Item item = Item.of(key(key), Bytes.base64(pair.path("value").asString("")));
    String id = pair.path("lease").asString("0");
    if (id.equals("0")) {
      return item;
    }
    Lease lease = leases.computeIfAbsent(id, this::lease);
    return item.withExpiry(lease.granted(), clock.instant().plus(lease.left()));
  }

  private static Key key(byte[] bytes) {
    try {
      return Key.of(Bytes.copyOf(bytes).asText().orElseThrow(IllegalArgumentException::new));
    } catch (IllegalArgumentException notText) {
      throw TransferException.wrong(
          "the key " + Base64.getEncoder().encodeToString(bytes) + " (base64) is not text",
          notText);
    }
  }

  private Lease lease(String id) {
    JsonNode answer = http.post("/v3/lease/timetolive", Json.object().put("ID", id));
    return new Lease(
        Duration.ofSeconds(answer.path("grantedTTL").asLong(0)),
        Duration.ofSeconds(answer.path("TTL").asLong(0)));
  }
}
