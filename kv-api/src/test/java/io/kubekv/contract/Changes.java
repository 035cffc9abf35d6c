package io.kubekv.contract;

import io.kubekv.Key;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A watch as tests read it: only changes, and never for ever. */
final class Changes implements AutoCloseable {
  private final Watch watch;
  private final Duration patience;

  Changes(Watch watch, Duration patience) {
    this.watch = watch;
    this.patience = patience;
  }

  Watch watch() {
    return watch;
  }

  /** The next event of any kind; fails the test when there is none in time. */
  WatchEvent nextEvent() throws InterruptedException {
    Optional<WatchEvent> event = watch.next(patience);
    return event.orElseThrow(() -> new AssertionError("no event within " + patience));
  }

  /** The next event but progress. */
  WatchEvent next() throws InterruptedException {
    WatchEvent event = nextEvent();
    while (event instanceof WatchEvent.Progress) {
      event = nextEvent();
    }
    return event;
  }

  WatchEvent.Put nextPut() throws InterruptedException {
    WatchEvent event = next();
    if (event instanceof WatchEvent.Put put) {
      return put;
    }
    throw new AssertionError("not a put: " + event);
  }

  WatchEvent.Delete nextDelete() throws InterruptedException {
    WatchEvent event = next();
    if (event instanceof WatchEvent.Delete delete) {
      return delete;
    }
    throw new AssertionError("not a delete: " + event);
  }

  /** The changes up to the put of a key, without it. */
  List<WatchEvent> before(String key) throws InterruptedException {
    List<WatchEvent> seen = new ArrayList<>();
    WatchEvent event = next();
    while (!(event instanceof WatchEvent.Put put && put.entry().key().equals(Key.of(key)))) {
      seen.add(event);
      if (event instanceof WatchEvent.HistoryGone) {
        throw new AssertionError("history gone after " + seen);
      }
      event = next();
    }
    return seen;
  }

  @Override
  public void close() {
    watch.close();
  }
}
