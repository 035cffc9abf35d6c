package io.kubekv.transport.watch;

import io.kubekv.Await;
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
 * streams are told so; a client that waits for one event is answered where what differs proves
 * which it is, waits on where the state proves that there was none, and is told otherwise.
 */
final class Upstream implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Upstream.class);
  private static final Duration LONG = Duration.ofDays(10_000);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(100);
  private static final WatchRequest FROM_NOW = WatchRequest.fromNow(Range.all());

  private final KeyValueStore store;
  private final WatchHub hub;

  Upstream(KeyValueStore store, WatchHub hub) {
    this.store = store;
    this.hub = hub;
  }

  @Override
  public void run() {
    WatchRequest request = FROM_NOW;
    try {
      while (!hub.isClosed()) {
        Optional<WatchRequest> next = watchFrom(request);
        if (next.isEmpty() && hub.isClosedWithin(RETRY_PAUSE)) {
          return;
        }
        request = next.orElse(FROM_NOW);
      }
    } catch (InterruptedException e) {
      hub.close();
    }
  }

  /** Watches until the watch ends; from where to go on, empty when the store is not there. */
  private Optional<WatchRequest> watchFrom(WatchRequest request) throws InterruptedException {
    try (Watch watch = store.watch(request)) {
      List<Subscription> there = hub.attach(watch, before(watch, request));
      if (request.start() instanceof WatchRequest.From) {
        recover(there);
      }
      return Optional.of(pump(watch));
    } catch (StoreException e) {
      if (hub.detach()) {
        log.warn("the store cannot be watched, clients are cut off: {}", e.getMessage());
      }
      return Optional.empty();
    } catch (RuntimeException bug) {
      log.error("the watch of the store is begun anew, clients are cut off", bug);
      hub.detach();
      return Optional.empty();
    }
  }

  /** The last revision that the watch will not deliver. */
  private static Revision before(Watch watch, WatchRequest request) {
    return request.start() instanceof WatchRequest.From from && from.first().value() != 0
        ? new Revision(from.first().value() - 1)
        : watch.start();
  }

  private WatchRequest pump(Watch watch) throws InterruptedException {
    while (!hub.isClosed()) {
      Optional<WatchEvent> event = watch.next(LONG);
      if (event.isPresent() && event.get() instanceof WatchEvent.HistoryGone gone) {
        log.warn("the store lost events before revision {}", gone.revision());
        gone.differences().forEach(hub::dispatchToWaiters);
        return WatchRequest.from(Range.all(), gone.revision());
      }
      event.ifPresent(hub::dispatch);
    }
    return FROM_NOW;
  }

  /** Settles watches after a loss; the new watch is open, so nothing is lost meanwhile. */
  private void recover(List<Subscription> watches) {
    Map<Range, List<Entry>> states = new HashMap<>();
    for (Subscription subscription : watches) {
      if (subscription.isStream()
          || !hub.isLive(subscription)
          || !isUnchanged(subscription, states)) {
        hub.lose(subscription);
      }
    }
  }

  /** Whether the state proves that nothing has happened: a single key is as it was. */
  private boolean isUnchanged(Subscription subscription, Map<Range, List<Entry>> states) {
    if (!(subscription.range() instanceof Range.Exact)) {
      return false;
    }
    List<Entry> state = states.computeIfAbsent(subscription.range(), this::state);
    return !state.isEmpty()
        && state.stream()
            .map(entry -> new WatchEvent.Put(entry, Optional.empty(), Cause.SET))
            .noneMatch(subscription::wants);
  }

  private List<Entry> state(Range range) {
    return Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE)).entries();
  }
}
