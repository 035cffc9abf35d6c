package io.kubekv.transport.watch;

import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Delivers the past of one subscription, up to where the hub stood when it was registered. */
final class Replay {
  private final KeyValueStore store;
  private final WatchHub hub;
  private final Subscription subscription;
  private final Revision upTo;

  Replay(KeyValueStore store, WatchHub hub, Subscription subscription, Revision upTo) {
    this.store = store;
    this.hub = hub;
    this.subscription = subscription;
    this.upTo = upTo;
  }

  void run(Duration patience, Function<Runnable, Sink> open)
      throws HistoryGoneException, InterruptedException {
    WatchRequest past = WatchRequest.from(subscription.range(), subscription.since());
    try (Watch watch = store.watch(past)) {
      Optional<WatchEvent> event = watch.next(patience);
      if (event.isEmpty()) {
        throw new UnavailableException("the store does not tell its history");
      }
      if (event.get() instanceof WatchEvent.HistoryGone gone) {
        throw new HistoryGoneException(gone.revision());
      }
      hub.open(subscription, open);
      while (deliver(event) && !hub.isOver(subscription)) {
        event = watch.next(patience);
      }
    }
  }

  /** Whether there may be more of the past. */
  private boolean deliver(Optional<WatchEvent> event) {
    if (event.isEmpty()) {
      hub.lose(subscription);
      return false;
    }
    return switch (event.get()) {
      case WatchEvent.HistoryGone gone -> {
        hub.lose(subscription);
        yield false;
      }
      case WatchEvent.Progress progress -> progress.revision().isBefore(upTo);
      case WatchEvent.Put put -> deliver(put);
      case WatchEvent.Delete delete -> deliver(delete);
    };
  }

  private boolean deliver(WatchEvent event) {
    if (event.revision().isAfter(upTo)) {
      return false;
    }
    if (subscription.wants(event)) {
      hub.pass(subscription, new Occurrence(event));
    }
    return true;
  }
}
