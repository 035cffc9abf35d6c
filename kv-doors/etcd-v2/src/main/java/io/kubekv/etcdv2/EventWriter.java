package io.kubekv.etcdv2;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.golang.Json;
import io.kubekv.transport.http.Payload;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** Writes changes as etcd's events. Thread-safe. */
final class EventWriter {
  private final InstantSource clock;
  private final Function<WatchEvent, Payload> renderer = this::render;

  EventWriter(InstantSource clock) {
    this.clock = clock;
  }

  /** Renders an event for watchers; always the same object. */
  Function<WatchEvent, Payload> renderer() {
    return renderer;
  }

  private Payload render(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> stored(shown(put.cause()), put.entry(), put.previous());
      case WatchEvent.Delete delete ->
          deleted(
              delete.cause(),
              delete.previous().key(),
              Optional.of(delete.previous()),
              delete.revision());
      case WatchEvent.Progress progress -> Payload.EMPTY;
      case WatchEvent.HistoryGone gone -> Payload.EMPTY;
    };
  }

  Payload stored(Cause cause, Entry entry, Optional<Entry> previous) {
    Json json = begin(cause);
    NodeWriter nodes = new NodeWriter(json, clock);
    nodes.entry(entry);
    previous(json, nodes, previous);
    return json.raw("}").line();
  }

  Payload deleted(Cause cause, Key key, Optional<Entry> previous, Revision revision) {
    Json json = begin(cause);
    NodeWriter nodes = new NodeWriter(json, clock);
    previous.ifPresentOrElse(
        entry -> nodes.deleted(entry, revision), () -> nodes.implied(key, revision));
    previous(json, nodes, previous);
    return json.raw("}").line();
  }

  /** The answer to a change whose client wants no nodes. */
  Payload actionOnly(Cause cause) {
    return new Json().raw("{\"action\":\"").raw(action(cause)).raw("\"}").line();
  }

  private static Json begin(Cause cause) {
    return new Json().raw("{\"action\":\"").raw(action(cause)).raw("\",\"node\":");
  }

  private static void previous(Json json, NodeWriter nodes, Optional<Entry> previous) {
    previous.ifPresent(
        entry -> {
          json.raw(",\"prevNode\":");
          nodes.entry(entry);
        });
  }

  /** etcd has no word for a lock: a key that a session's end frees was set. */
  private static Cause shown(Cause ofPut) {
    return ofPut == Cause.SESSION_END ? Cause.SET : ofPut;
  }

  static String action(Cause cause) {
    return switch (cause) {
      case SET, REFRESH, PARENT, ACQUIRE, RELEASE -> "set";
      case CREATE -> "create";
      case UPDATE -> "update";
      case COMPARE_AND_SWAP -> "compareAndSwap";
      case DELETE -> "delete";
      case COMPARE_AND_DELETE -> "compareAndDelete";
      case EXPIRE, SESSION_END -> "expire";
    };
  }

  /**
   * Whether etcd shows an event to a watcher of a range: not parents, not refreshes, and nothing
   * below a name that begins with an underscore, unless the watch is on it or below it.
   */
  static boolean isShown(Range range, WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put ->
          put.cause() != Cause.PARENT
              && put.cause() != Cause.REFRESH
              && !isHidden(range, put.entry().key());
      case WatchEvent.Delete delete -> !isHidden(range, delete.previous().key());
      case WatchEvent.Progress progress -> false;
      case WatchEvent.HistoryGone gone -> false;
    };
  }

  private static boolean isHidden(Range range, Key key) {
    String watched =
        switch (range) {
          case Range.Exact exact -> exact.key().text();
          case Range.Tree tree -> tree.top().text();
          case Range.WithPrefix with -> with.prefix().text();
          case Range.Between between -> between.from().text();
        };
    String changed = key.text();
    if (watched.length() >= changed.length()) {
      return false;
    }
    return ("/" + changed.substring(watched.length())).replace("//", "/").contains("/_");
  }
}
