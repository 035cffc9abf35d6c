package io.kubekv.etcdv2;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.http.ResponseStream;
import io.kubekv.transport.watch.HistoryGoneException;
import io.kubekv.transport.watch.Occurrence;
import io.kubekv.transport.watch.Sink;
import io.kubekv.transport.watch.WatchRequirements;
import io.kubekv.transport.watch.Watches;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * GET with {@code wait}. Status and headers go out at once; the answer then belongs to the hub, and
 * nothing but its event, its client or the end of the server ends it.
 */
final class KeyWatches {
  private static final BiPredicate<Range, WatchEvent> SHOWN = EventWriter::isShown;

  /** The root itself never changes; a plain watch of it waits for what no path can name. */
  private static final Key NO_NODE = Key.of("/");

  private final KeyValueStore store;
  private final Watches watches;
  private final Answers answers;
  private final EventWriter events;

  KeyWatches(KeyValueStore store, Watches watches, Answers answers, EventWriter events) {
    this.store = store;
    this.watches = watches;
    this.answers = answers;
    this.events = events;
  }

  void watch(HttpExchange exchange, KeysRequest request) throws EtcdError {
    Revision now = now(request);
    Revision since = request.since().value() == 0 ? now.next() : request.since();
    WatchRequirements wanted =
        new WatchRequirements(range(request), since, request.stream(), SHOWN);
    try {
      watches.watch(wanted, end -> open(exchange, request.stream(), now, end));
    } catch (HistoryGoneException e) {
      throw new EtcdError(
          ErrorCode.EVENT_INDEX_CLEARED,
          "the requested history has been cleared [" + e.oldest() + "/" + since + "]",
          now);
    }
  }

  /**
   * "From now" begins after everything that any client was told of before: at a revision that is
   * linearizable, and shown by the replica that answers.
   */
  private Revision now(KeysRequest request) {
    return request.since().value() == 0
        ? Await.read(
            store.revision(
                new Freshness.AtLeast(Await.read(store.revision(Freshness.LINEARIZABLE)))))
        : store.status().revision();
  }

  private static Range range(KeysRequest request) {
    NodePath path = request.path();
    if (request.recursive()) {
      return path.tree();
    }
    return new Range.Exact(path.key().orElse(NO_NODE));
  }

  private Sink open(HttpExchange exchange, boolean stream, Revision now, Runnable end) {
    ResponseStream response = exchange.stream(200, answers.atIndex(now), end);
    Function<WatchEvent, Payload> renderer = events.renderer();
    return stream ? new Every(response, renderer) : new First(response, renderer);
  }

  /** Ends with the first event. */
  private record First(ResponseStream response, Function<WatchEvent, Payload> renderer)
      implements Sink {
    @Override
    public boolean deliver(Occurrence occurrence) {
      response.end(occurrence.rendered(renderer));
      return false;
    }

    @Override
    public void lost() {
      response.cut();
    }
  }

  /** Sends every event, one a line. */
  private record Every(ResponseStream response, Function<WatchEvent, Payload> renderer)
      implements Sink {
    @Override
    public boolean deliver(Occurrence occurrence) {
      return response.write(occurrence.rendered(renderer));
    }

    @Override
    public void lost() {
      response.cut();
    }
  }
}
