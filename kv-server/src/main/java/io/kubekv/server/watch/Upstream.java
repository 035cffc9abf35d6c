package io.kubekv.server.watch;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's one watch of the store and the thread that reads it. When the store has lost history,
 * streams are told so; a client that waits for one event is answered from the state where the state
 * proves what happened, waits on where it proves that nothing did, and is told otherwise.
 */
final class Upstream implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Upstream.class);
  private static final Duration LONG = Duration.ofHours(1);

  private final KeyValueStore store;
  private final WatchHub hub;

  Upstream(KeyValueStore store, WatchHub hub) {
    this.store = store;
    this.hub = hub;
  }

  @Override
  public void run() {
    WatchRequest request = WatchRequest.fromNow(Range.all());
    try {
      while (!hub.isClosed()) {
        request = watchFrom(request);
      }
    } catch (InterruptedException e) {
      hub.close();
    }
  }

  /** Watches until the watch ends; from where to go on. */
  private WatchRequest watchFrom(WatchRequest request) throws InterruptedException {
    try (Watch watch = store.watch(request)) {
      if (request.start() instanceof WatchRequest.From from) {
        hub.attach(watch, new Revision(from.first().value() - 1));
        recover();
      } else {
        hub.attach(watch, watch.start());
      }
      return pump(watch);
    } catch (StoreException e) {
      log.warn("the store cannot be watched, trying again: {}", e.getMessage());
      hub.detach();
      hub.pause();
      return WatchRequest.fromNow(Range.all());
    }
  }

  private WatchRequest pump(Watch watch) throws InterruptedException {
    while (!hub.isClosed()) {
      Optional<WatchEvent> event = watch.next(LONG);
      if (event.isPresent() && event.get() instanceof WatchEvent.HistoryGone gone) {
        log.warn("the store lost events before revision {}", gone.revision());
        return WatchRequest.from(Range.all(), gone.revision());
      }
      event.ifPresent(hub::dispatch);
    }
    return WatchRequest.fromNow(Range.all());
  }

  /** Settles every watch after a loss; the new watch is open, so nothing is lost meanwhile. */
  private void recover() {
    Map<Range, List<Entry>> states = new HashMap<>();
    for (Subscription subscription : hub.subscriptions()) {
      if (subscription.isStream() || !hub.isLive(subscription)) {
        hub.lose(subscription);
      } else {
        settle(subscription, states.computeIfAbsent(subscription.range(), this::state));
      }
    }
  }

  private List<Entry> state(Range range) {
    return store.list(ListRequest.of(range), Freshness.LINEARIZABLE).entries();
  }

  private void settle(Subscription subscription, List<Entry> state) {
    Optional<WatchEvent> change =
        state.stream()
            .<WatchEvent>map(entry -> new WatchEvent.Put(entry, Optional.empty(), Cause.SET))
            .filter(subscription::wants)
            .findFirst();
    boolean untouched = subscription.range() instanceof Range.Exact && !state.isEmpty();
    if (change.isPresent()) {
      hub.pass(subscription, new Occurrence(change.get()));
    } else if (!untouched) {
      hub.lose(subscription);
    }
  }
}
