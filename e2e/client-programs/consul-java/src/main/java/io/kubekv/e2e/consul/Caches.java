package io.kubekv.e2e.consul;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.kiwiproject.consul.KeyValueClient;
import org.kiwiproject.consul.cache.KVCache;

/** The cache that the client keeps current with blocking queries. */
final class Caches {
  private final KeyValueClient keys;
  private final Checks checks;

  Caches(KeyValueClient keys, Checks checks) {
    this.keys = keys;
    this.checks = checks;
  }

  void run() throws InterruptedException {
    String at = checks.key("cache/");
    checks.put(at + "a", "1");
    try (KVCache cache = KVCache.newCache(keys, at, 5)) {
      cache.start();
      checks.check("cache filled", cache.awaitInitialized(10, TimeUnit.SECONDS), true);
      checks.check("cache", shown(cache), Map.of("a", "1"));
      checks.put(at + "b", "2");
      awaits("cache sees a new key", cache, Map.of("a", "1", "b", "2"));
      checks.put(at + "a", "3");
      awaits("cache sees a new value", cache, Map.of("a", "3", "b", "2"));
      keys.deleteKey(at + "a");
      awaits("cache sees a deletion", cache, Map.of("b", "2"));
    }
  }

  private void awaits(String name, KVCache cache, Map<String, String> expected) throws InterruptedException {
    Checks.until(System.nanoTime(), () -> shown(cache).equals(expected));
    checks.check(name, shown(cache), expected);
  }

  private static Map<String, String> shown(KVCache cache) {
    Map<String, String> values = new TreeMap<>();
    cache.getMap().forEach((key, value) -> values.put(key, value.getValueAsString().orElse("")));
    return values;
  }
}
