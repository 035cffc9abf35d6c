package io.kubekv.benchmarks.naive;

import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.HttpHandler;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.http.ResponseStream;
import io.kubekv.transport.limits.OverLimitException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * etcd v2's long polls with a watch of the API for each that waits. The door would serve them all
 * from one; whatever does not wait goes to it.
 */
final class NaiveWaits implements HttpHandler {
  private static final String KEYS = "/v2/keys/";
  private static final Pattern SINCE = Pattern.compile("(?:^|&)waitIndex=([0-9]+)");
  private static final Duration LONG = Duration.ofDays(10_000);
  private static final Map<Cause, String> ACTIONS =
      Map.of(
          Cause.SET, "set",
          Cause.CREATE, "create",
          Cause.UPDATE, "update",
          Cause.COMPARE_AND_SWAP, "compareAndSwap",
          Cause.DELETE, "delete");

  private final KeyValueStore store;
  private final HttpHandler door;

  NaiveWaits(KeyValueStore store, HttpHandler door) {
    this.store = store;
    this.door = door;
  }

  @Override
  public void handle(HttpExchange exchange) {
    boolean waits = exchange.query().contains("wait=true") && exchange.path().startsWith(KEYS);
    if (waits) {
      await(exchange);
    } else {
      door.handle(exchange);
    }
  }

  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    door.overLimit(exchange, why);
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    door.bodyTooLarge(exchange, limit);
  }

  private void await(HttpExchange exchange) {
    Matcher since = SINCE.matcher(exchange.query());
    Range range = range(exchange);
    Watch watch =
        store.watch(
            since.find() && !since.group(1).equals("0")
                ? WatchRequest.from(range, Revision.parse(since.group(1)))
                : WatchRequest.fromNow(range));
    List<Header> headers =
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("X-Etcd-Cluster-ID", Long.toHexString(store.id())),
            new Header("X-Etcd-Index", watch.start().toString()));
    ResponseStream response = exchange.stream(200, headers, watch::close);
    Thread.startVirtualThread(() -> answer(watch, response));
  }

  private static Range range(HttpExchange exchange) {
    String path = exchange.path().substring(KEYS.length()).replace("+", "%2B");
    String text = URLDecoder.decode(path, StandardCharsets.UTF_8);
    Key key = Key.of(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    return exchange.query().contains("recursive=true") ? new Range.Tree(key) : new Range.Exact(key);
  }

  private static void answer(Watch watch, ResponseStream response) {
    try (watch) {
      Optional<Payload> shown = Optional.empty();
      while (shown.isEmpty()) {
        Optional<WatchEvent> event = watch.next(LONG);
        if (event.isEmpty() || event.get() instanceof WatchEvent.HistoryGone) {
          response.cut();
          return;
        }
        shown = shown(event.get());
      }
      response.end(shown.get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.cut();
    }
  }

  /** Empty when the dialect does not show it. */
  private static Optional<Payload> shown(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put ->
          Optional.ofNullable(ACTIONS.get(put.cause()))
              .map(
                  action -> {
                    ObjectNode json = node(action, put.entry().key(), put.revision());
                    ((ObjectNode) json.path("node"))
                        .put("value", put.entry().value().toText())
                        .put("createdIndex", put.entry().createRevision().value());
                    return Payload.utf8(json + "\n");
                  });
      case WatchEvent.Delete delete ->
          Optional.of(
              Payload.utf8(node("delete", delete.previous().key(), delete.revision()) + "\n"));
      case WatchEvent.Progress progress -> Optional.empty();
      case WatchEvent.HistoryGone gone -> Optional.empty();
    };
  }

  private static ObjectNode node(String action, Key key, Revision revision) {
    ObjectNode json = ObjectApi.JSON.createObjectNode().put("action", action);
    json.putObject("node").put("key", "/" + key.text()).put("modifiedIndex", revision.value());
    return json;
  }
}
