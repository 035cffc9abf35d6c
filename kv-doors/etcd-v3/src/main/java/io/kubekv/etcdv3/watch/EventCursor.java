package io.kubekv.etcdv3.watch;

import io.kubekv.Await;
import io.kubekv.CompactedException;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.etcdv3.keys.KeyValues;
import io.kubekv.etcdv3.keys.Keys;
import io.kubekv.etcdv3.wire.Event;
import io.kubekv.etcdv3.wire.KeyValue;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The events of one watch as etcd shows them, one key each, of those kinds that are wanted. Nothing
 * is kept of them but the next, where somebody asked whether there is one.
 */
final class EventCursor {
  /** An event, and when it was. */
  record Told(Event event, Revision revision) {
    /** What it adds to a message. */
    long bytes() {
      return event.getSerializedSize() + 8L;
    }
  }

  private final Watch watch;
  private final WatchCreateRequest wanted;
  private final Range range;
  private final KeyValueStore store;
  private final boolean puts;
  private final boolean deletes;

  /** Of a directory that was deleted, what was in it. */
  private Iterator<Entry> below = Collections.emptyIterator();

  private Revision belowAt = Revision.ZERO;
  private @Nullable Told ahead;
  private Optional<Revision> gone = Optional.empty();

  EventCursor(Watch watch, WatchCreateRequest wanted, Range range, KeyValueStore store) {
    this.watch = watch;
    this.wanted = wanted;
    this.range = range;
    this.store = store;
    this.puts = !wanted.getFiltersList().contains(WatchCreateRequest.FilterType.NOPUT);
    this.deletes = !wanted.getFiltersList().contains(WatchCreateRequest.FilterType.NODELETE);
  }

  /**
   * The next event that is known; empty when there is none, and for ever when the watch is over.
   */
  Optional<Told> next() throws InterruptedException {
    if (ahead != null) {
      Told first = ahead;
      ahead = null;
      return Optional.of(first);
    }
    while (true) {
      if (below.hasNext()) {
        Optional<Told> told = delete(below.next(), belowAt);
        if (told.isPresent()) {
          return told;
        }
        continue;
      }
      Optional<WatchEvent> event = watch.next(Duration.ZERO);
      if (event.isEmpty()) {
        return Optional.empty();
      }
      Optional<Told> told = told(event.get());
      if (told.isPresent() || gone.isPresent()) {
        return told;
      }
    }
  }

  /** The next event, which stays the next, if it has the revision of the one before it. */
  Optional<Told> nextOf(Revision revision) throws InterruptedException {
    if (ahead == null && (below.hasNext() || watch.isWithinRevision())) {
      ahead = next().orElse(null);
    }
    return Optional.ofNullable(ahead).filter(told -> told.revision().equals(revision));
  }

  /** From where on another watch could begin, when history has passed this one. */
  Optional<Revision> gone() {
    return gone;
  }

  private Optional<Told> told(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> put(put);
      case WatchEvent.Delete delete -> {
        below = delete.below().iterator();
        belowAt = delete.revision();
        yield delete(delete.previous(), delete.revision());
      }
      case WatchEvent.Progress progress -> Optional.empty();
      case WatchEvent.HistoryGone over -> {
        gone = Optional.of(over.revision());
        yield Optional.empty();
      }
    };
  }

  /** What etcd v2's set has put has a new creation and stood before: both is told. */
  private Optional<Told> put(WatchEvent.Put put) {
    if (!puts) {
      return Optional.empty();
    }
    Event.Builder event =
        Event.newBuilder().setType(Event.EventType.PUT).setKv(KeyValues.of(put.entry()));
    if (wanted.getPrevKv()) {
      before(put.entry().key(), put.previous(), put.revision())
          .map(KeyValues::of)
          .ifPresent(event::setPrevKv);
    }
    return Optional.of(new Told(event.build(), put.revision()));
  }

  private Optional<Told> delete(Entry previous, Revision revision) {
    if (!deletes || !range.contains(previous.key())) {
      return Optional.empty();
    }
    Event.Builder event =
        Event.newBuilder()
            .setType(Event.EventType.DELETE)
            .setKv(
                KeyValue.newBuilder()
                    .setKey(Keys.bytes(previous.key()))
                    .setModRevision(revision.value()));
    if (wanted.getPrevKv()) {
      before(previous.key(), Optional.of(previous), revision)
          .map(KeyValues::of)
          .ifPresent(event::setPrevKv);
    }
    return Optional.of(new Told(event.build(), revision));
  }

  /**
   * What stood before the revision. A transaction may change a key twice, and what is previous then
   * never stood for anybody else; what did is told while the store still knows it, as in etcd.
   */
  private Optional<Entry> before(Key key, Optional<Entry> previous, Revision revision) {
    if (previous.filter(entry -> entry.modifyRevision().equals(revision)).isEmpty()) {
      return previous;
    }
    Revision earlier = new Revision(revision.value() - 1);
    try {
      return Await.read(store.get(key, new Freshness.At(earlier))).entry();
    } catch (CompactedException forgotten) {
      return Optional.empty();
    }
  }
}
