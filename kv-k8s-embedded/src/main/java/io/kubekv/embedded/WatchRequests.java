package io.kubekv.embedded;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Opens watches, over HTTP or WebSocket, and knows those that are open. Belongs to the event loop.
 */
final class WatchRequests {
  private static final long MIN_LIFETIME_SECONDS = 1800;

  private final Vertx vertx;
  private final Context context;
  private final ObjectStore store;
  private final ReadRequests reads;
  private final Faults faults;
  private final Duration bookmarkEvery;
  private final Set<WatchStream> open = new HashSet<>();

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

  void open(ApiRequest request, Answer answer) {
    boolean initialEvents = ListOptions.sendInitialEvents(request);
    long asked = ListOptions.resourceVersion(request);
    ObjectFilter filter = ObjectFilter.of(request);
    Rendering rendering = Rendering.of(request);
    long timeout = request.number("timeoutSeconds");
    Duration lifetime = Duration.ofSeconds(timeout > 0 ? timeout : randomLifetime());
    HttpServerRequest http = request.http();
    if (isUpgrade(http)) {
      http.toWebSocket()
          .onSuccess(
              socket ->
                  begin(
                      request,
                      filter,
                      rendering,
                      asked,
                      initialEvents,
                      WatchSink.webSocket(socket, answer::cut),
                      lifetime));
    } else {
      WatchSink sink = WatchSink.http(http.response(), answer::cut);
      begin(request, filter, rendering, asked, initialEvents, sink, lifetime);
    }
  }

  private static boolean isUpgrade(HttpServerRequest http) {
    return "websocket".equalsIgnoreCase(http.getHeader("Upgrade"));
  }

  private static long randomLifetime() {
    return MIN_LIFETIME_SECONDS + ThreadLocalRandom.current().nextLong(MIN_LIFETIME_SECONDS);
  }

  private void begin(
      ApiRequest request,
      ObjectFilter filter,
      Rendering rendering,
      long asked,
      boolean initialEvents,
      WatchSink sink,
      Duration lifetime) {
    boolean fromState =
        initialEvents || (asked == 0 && request.http().getParam("sendInitialEvents") == null);
    boolean tooOld = !fromState && asked != 0 && asked < store.floor();
    List<Version> initial = List.of();
    long after = asked == 0 ? store.revision() : asked;
    if (fromState) {
      after = store.revision();
      initial =
          reads.collect(request.served().table(), new ListOptions(after, "", 0), filter).versions();
    }
    WatchStream.Start start =
        new WatchStream.Start(
            request.served(),
            filter,
            rendering,
            after,
            initial,
            initialEvents && request.flag("allowWatchBookmarks"),
            request.flag("allowWatchBookmarks"));
    WatchStream stream = new WatchStream(vertx, store, faults, start, sink, open::remove);
    if (tooOld) {
      stream.expired(asked);
    } else {
      open.add(stream);
      stream.begin(bookmarkEvery, lifetime);
    }
  }

  /** Ends every open watch, as a server that is restarted does. Any thread. */
  void closeAll() {
    context.runOnContext(v -> new ArrayList<>(open).forEach(WatchStream::endNow));
  }
}
