package io.kubekv.cli.transfer;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.cli.terminal.Json;
import io.kubekv.export.Item;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The keys of a Consul store as one snapshot, with their flags and without their locks. */
final class ConsulSource implements Source {
  private final HttpJson http;
  private Optional<JsonNode> snapshot = Optional.empty();

  ConsulSource(HttpJson http) {
    this.http = http;
  }

  @Override
  public OptionalLong total() {
    return OptionalLong.of(snapshot().size());
  }

  @Override
  public void each(Consumer<Item> items) {
    for (JsonNode pair : snapshot()) {
      Key key = Key.of(pair.required("Key").asString());
      Bytes value = Bytes.base64(pair.path("Value").asString(""));
      items.accept(Item.of(key, value).withFlags(pair.path("Flags").bigIntegerValue().longValue()));
    }
  }

  /** Consul answers 404 when there are no keys. */
  private JsonNode snapshot() {
    JsonNode keys =
        snapshot.orElseGet(
            () -> http.get("/v1/kv/?recurse&consistent").orElseGet(Json.MAPPER::createArrayNode));
    snapshot = Optional.of(keys);
    return keys;
  }
}
