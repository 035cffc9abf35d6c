package io.kubekv.embedded;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

/** Opens watches and knows those that are open. Thread-safe. */
final class WatchRequests {
  private static final long MIN_LIFETIME_SECONDS = 1800;

  private final Vertx vertx;
  private final Context context;
  private final ObjectStore store;
  private final ReadRequests reads;
  private final Faults faults;
  private final Duration bookmarkEvery;
  private final Set<WatchStream> open = ConcurrentHashMap.newKeySet();

  WatchRequests(
      Context context,
      ObjectStore store,
      ReadRequests reads,
      Faults faults,
      Duration bookmarkEvery) {
    this.vertx = context.owner();
    this.context = context;
    this.store = store;
    this.reads = reads;
    this.faults = faults;
    this.bookmarkEvery = bookmarkEvery;
  }

  void open(ApiRequest request) {
    boolean initialEvents = ListOptions.sendInitialEvents(request);
    long asked = ListOptions.resourceVersion(request);
    ObjectFilter filter = ObjectFilter.of(request);
    Rendering rendering = Rendering.of(request);
    long timeout = request.number("timeoutSeconds");
    Duration lifetime = Duration.ofSeconds(timeout > 0 ? timeout : randomLifetime());
    WatchStream.Start start = start(request, filter, rendering, asked, initialEvents);
    boolean tooOld = start.after() < store.floor();
    request.exchange().stream((sink, home) -> begin(start, tooOld, sink, home, lifetime));
  }

  private static long randomLifetime() {
    return MIN_LIFETIME_SECONDS + ThreadLocalRandom.current().nextLong(MIN_LIFETIME_SECONDS);
  }

  private WatchStream.Start start(
      ApiRequest request,
      ObjectFilter filter,
      Rendering rendering,
      long asked,
      boolean initialEvents) {
    boolean unsaid = request.exchange().parameter("sendInitialEvents") == null;
    boolean fromState = initialEvents || (asked == 0 && unsaid);
    long after = fromState || asked == 0 ? store.revision() : asked;
    List<Version> initial =
        fromState
            ? reads
                .collect(request.served().table(), new ListOptions(after, "", 0), filter)
                .versions()
            : List.of();
    boolean bookmarks = request.flag("allowWatchBookmarks");
    return new WatchStream.Start(
        request.served(), filter, rendering, after, initial, initialEvents && bookmarks, bookmarks);
  }

  private void begin(
      WatchStream.Start start, boolean tooOld, WatchSink sink, Executor home, Duration lifetime) {
    WatchStream stream = new WatchStream(vertx, home, store, faults, start, sink, open::remove);
    if (tooOld) {
      stream.expired(start.after());
    } else {
      open.add(stream);
      stream.begin(bookmarkEvery, lifetime);
    }
  }

  /** Ends every open watch, as a server that is restarted does. Any thread. */
  void closeAll() {
    context.runOnContext(afterThoseBeingOpened -> open.forEach(WatchStream::endNow));
  }
}
