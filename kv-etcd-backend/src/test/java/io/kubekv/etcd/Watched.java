package io.kubekv.etcd;

import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that a watch of a whole store tells but progress, awaited and never for ever. */
final class Watched implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Watch watch;

  Watched(KeyValueStore store) {
    this.watch = store.watch(WatchRequest.fromNow(Range.all()));
  }

  WatchEvent next() throws InterruptedException {
    while (true) {
      Optional<WatchEvent> event = watch.next(PATIENCE);
      if (event.isEmpty()) {
        throw new AssertionError("no event within " + PATIENCE);
      }
      if (!(event.get() instanceof WatchEvent.Progress)) {
        return event.get();
      }
    }
  }

  /** The events up to the put of a key, without it. */
  List<WatchEvent> before(String key) throws InterruptedException {
    List<WatchEvent> seen = new ArrayList<>();
    while (true) {
      WatchEvent event = next();
      if (event instanceof WatchEvent.Put put && put.entry().key().text().equals(key)) {
        return seen;
      }
      seen.add(event);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
