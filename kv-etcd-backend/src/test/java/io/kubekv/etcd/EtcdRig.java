package io.kubekv.etcd;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Lookup;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** What tests on a real etcd wait for and look at. */
final class EtcdRig {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private EtcdRig() {}

  static Optional<String> text(KeyValueStore store, String key) {
    Lookup found = Await.read(store.get(Key.of(key), Freshness.LINEARIZABLE));
    return found.entry().map(entry -> entry.value().toText());
  }

  static void eventually(String what, BooleanSupplier condition) {
    Awaitility.await(what).pollDelay(Duration.ZERO).atMost(PATIENCE).until(condition::getAsBoolean);
  }
}
