package io.kubekv.e2e;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes, compares and swaps, and deletes keys that nobody else touches, one request after the
 * other, until its connection breaks; remembers what was acknowledged.
 */
final class HistoryWriter {
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String root;
  private final SplittableRandom random;
  private final List<KnownKey> keys = new ArrayList<>();
  private long attempts;
  private final AtomicLong acknowledged = new AtomicLong();
  private long highestIndex;
  private Optional<String> refusal = Optional.empty();

  HistoryWriter(String root, int keyCount, long seed) {
    this.root = root;
    this.random = new SplittableRandom(seed);
    for (int key = 0; key < keyCount; key++) {
      // a directory for every few keys, so that making one is cut off by a kill as well
      keys.add(new KnownKey(root + "/d" + key / 4 + "/k" + key));
    }
  }

  List<KnownKey> keys() {
    return keys;
  }

  /** How many changes have been acknowledged; may be asked by another thread. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** The highest index that any acknowledgement has shown. */
  long highestIndex() {
    return highestIndex;
  }

  /** An answer that a sole writer must never get. */
  Optional<String> refusal() {
    return refusal;
  }

  /** Runs until the store is gone. */
  void run(InetSocketAddress store) {
    try (HttpConnection connection = HttpConnection.open(store)) {
      while (refusal.isEmpty()) {
        change(connection, store, keys.get(random.nextInt(keys.size())));
      }
    } catch (IOException e) {
      // the store was killed: the change in flight may have been made or not
    }
  }

  private void change(HttpConnection connection, InetSocketAddress store, KnownKey key)
      throws IOException {
    boolean present = key.known().value().isPresent();
    int choice = random.nextInt(10);
    String compare = present && choice < 6 ? "?prevIndex=" + key.known().index() : "";
    boolean delete = present && choice % 4 == 0;
    Optional<String> value = delete ? Optional.empty() : Optional.of(nextValue());
    key.attempted(value);
    byte[] request =
        delete
            ? HttpConnection.request(
                "DELETE", "/v2/keys" + key.path() + compare, store, Map.of(), "")
            : HttpConnection.request(
                "PUT",
                "/v2/keys" + key.path() + compare,
                store,
                FORM,
                "value=" + value.orElseThrow());
    HttpAnswer answer = connection.exchange(request);
    if (answer.status() >= 500) {
      throw new IOException("the outcome is unknown: " + answer.body());
    }
    if (answer.status() >= 300) {
      refusal =
          Optional.of(
              key.path()
                  + compare
                  + " refused with "
                  + answer.status()
                  + ": "
                  + answer.body().strip());
      return;
    }
    JsonNode node = JSON.readTree(answer.body()).path("node");
    highestIndex = Math.max(highestIndex, node.path("modifiedIndex").asLong());
    key.acknowledged(value, node.path("modifiedIndex").asLong());
    acknowledged.incrementAndGet();
  }

  /** Names itself and states its length, so that a torn value shows. */
  private String nextValue() {
    int padding = random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(300);
    return root.substring(1).replace('/', '-')
        + "-"
        + ++attempts
        + "-"
        + padding
        + "-"
        + "x".repeat(padding)
        + "-end";
  }
}
