package io.kubekv.etcdv3;

import com.google.protobuf.ByteString;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.etcdv3.wire.Event;
import io.kubekv.etcdv3.wire.KeyValue;
import io.kubekv.etcdv3.wire.ResponseHeader;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One watch of a stream: a cursor of the store, and what the client wants to be told of it. */
final class StreamWatch {
  /** What follows on a {@link #tell}. */
  enum Next {
    /** There is more. */
    MORE,
    /** There is nothing until the watch calls. */
    WAIT,
    /** The watch has ended. */
    OVER
  }

  /** Events of several revisions go together up to this size; those of one always do. */
  private static final long BATCH_BYTES = 256 << 10;

  private static final ByteString NUL = ByteString.copyFrom(new byte[1]);

  private final WatchCreateRequest wanted;
  private final Range range;
  private final KeyValueStore store;
  private final Watch watch;
  private final boolean puts;
  private final boolean deletes;
  private long id;
  private boolean quiet = true;
  private boolean due;

  /** Begins; throws what the store throws. */
  StreamWatch(WatchCreateRequest wanted, Range range, KeyValueStore store) {
    this.wanted = wanted;
    this.range = range;
    this.store = store;
    this.puts = !wanted.getFiltersList().contains(WatchCreateRequest.FilterType.NOPUT);
    this.deletes = !wanted.getFiltersList().contains(WatchCreateRequest.FilterType.NODELETE);
    this.watch =
        store.watch(
            wanted.getStartRevision() == 0
                ? io.kubekv.WatchRequest.fromNow(range)
                : io.kubekv.WatchRequest.from(range, first()));
  }

  static Range range(WatchCreateRequest request) {
    return Ranges.of(key(request), request.getRangeEnd());
  }

  /** Whether its end is not behind its begin, which etcd refuses. */
  static boolean isEmpty(WatchCreateRequest request) {
    return Ranges.isEmpty(key(request), request.getRangeEnd());
  }

  private static ByteString key(WatchCreateRequest request) {
    return request.getKey().isEmpty() ? NUL : request.getKey();
  }

  void named(long newId) {
    id = newId;
  }

  long id() {
    return id;
  }

  /** The first revision that is wanted. */
  Revision first() {
    return new Revision(wanted.getStartRevision());
  }

  /**
   * An interval is over. Whether it is to be told how far it has come, since it was told nothing in
   * it.
   */
  boolean tick() {
    due = wanted.getProgressNotify() && quiet;
    quiet = true;
    return due;
  }

  /**
   * How far the store's events have come: what is polled from now on has all up to there. The
   * store's status may be a moment ahead of them.
   */
  Revision position() {
    try (Watch probe = store.watch(io.kubekv.WatchRequest.fromNow(range))) {
      return probe.start();
    }
  }

  /** Where a watch from now on begins; of another, how far the store is. */
  Revision start() {
    return wanted.getStartRevision() == 0 ? watch.start() : store.status().revision();
  }

  void whenReady(Runnable wake) {
    watch.whenReady(wake);
  }

  void close() {
    watch.close();
  }

  /** What of the store's events makes one message. */
  private final class Batch {
    private final List<Event> events = new ArrayList<>();
    private final Map<Key, Optional<Entry>> before = new HashMap<>(0);
    private Revision within = Revision.ZERO;
    private long bytes;
    private Revision last = Revision.ZERO;
    private Next next = Next.MORE;
    private Optional<Revision> gone = Optional.empty();

    /** Takes whole revisions until it is full. */
    void fill() throws InterruptedException {
      boolean goesOn = true;
      while (goesOn) {
        Optional<WatchEvent> event = watch.next(Duration.ZERO);
        if (event.isEmpty()) {
          next = Next.WAIT;
          return;
        }
        take(event.get());
        goesOn = watch.isWithinRevision() || bytes < BATCH_BYTES && gone.isEmpty();
      }
    }

    private void take(WatchEvent event) {
      switch (event) {
        case WatchEvent.Put put -> put(put);
        case WatchEvent.Delete delete -> {
          delete(delete.previous(), delete.revision());
          delete.below().forEach(entry -> delete(entry, delete.revision()));
        }
        case WatchEvent.Progress progress -> {}
        case WatchEvent.HistoryGone over -> {
          gone = Optional.of(over.revision());
          next = Next.OVER;
        }
      }
    }

    /** What stood before the revision: a transaction may change a key twice. */
    private Optional<Entry> before(Key key, Optional<Entry> previous, Revision revision) {
      if (!revision.equals(within)) {
        before.clear();
        within = revision;
      }
      if (previous.isPresent() && previous.get().modifyRevision().equals(revision)) {
        return before.getOrDefault(key, Optional.empty());
      }
      if (watch.isWithinRevision()) {
        before.put(key, previous);
      }
      return previous;
    }

    private void put(WatchEvent.Put put) {
      Optional<Entry> previous = before(put.entry().key(), put.previous(), put.revision());
      if (!puts) {
        return;
      }
      Event.Builder event =
          Event.newBuilder().setType(Event.EventType.PUT).setKv(KeyValues.of(put.entry()));
      boolean created = put.entry().createRevision().equals(put.revision());
      if (wanted.getPrevKv() && !created) {
        previous.map(KeyValues::of).ifPresent(event::setPrevKv);
      }
      add(event, put.entry(), put.revision());
    }

    private void delete(Entry previous, Revision revision) {
      Optional<Entry> earlier = before(previous.key(), Optional.of(previous), revision);
      if (!deletes || !range.contains(previous.key())) {
        return;
      }
      Event.Builder event =
          Event.newBuilder()
              .setType(Event.EventType.DELETE)
              .setKv(
                  KeyValue.newBuilder()
                      .setKey(Keys.bytes(previous.key()))
                      .setModRevision(revision.value()));
      if (wanted.getPrevKv()) {
        earlier.map(KeyValues::of).ifPresent(event::setPrevKv);
      }
      add(event, previous, revision);
    }

    private void add(Event.Builder event, Entry entry, Revision revision) {
      events.add(event.build());
      bytes += entry.key().text().length() + 2L * entry.value().size() + 64;
      last = revision;
    }
  }

  /**
   * Tells what is known, some of it at a time.
   *
   * @param to takes at most the parts of one message, and the word that the watch has ended
   */
  Next tell(Headers headers, Consumer<WatchResponse> to) {
    Revision known = Revision.ZERO;
    Batch batch = new Batch();
    try {
      known = due ? position() : known;
      batch.fill();
    } catch (PermissionDeniedException revoked) {
      to.accept(revoked(headers));
      return Next.OVER;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while telling events", stopped);
    }
    if (!batch.events.isEmpty()) {
      quiet = false;
      due = false;
      WatchResponse whole =
          WatchResponse.newBuilder()
              .setHeader(headers.of(store, batch.last))
              .setWatchId(id)
              .addAllEvents(batch.events)
              .build();
      Fragments.send(whole, wanted.getFragment(), to);
    } else if (due && batch.next == Next.WAIT && !known.isBefore(first())) {
      due = false;
      to.accept(
          WatchResponse.newBuilder().setHeader(headers.of(store, known)).setWatchId(id).build());
    }
    // etcd says no revision here
    batch.gone.ifPresent(
        first ->
            to.accept(
                ended(headers.of(store, Revision.ZERO)).setCompactRevision(first.value()).build()));
    return batch.next;
  }

  /** The word that the watch has ended since its caller may no longer see what it watches. */
  WatchResponse revoked(Headers headers) {
    return ended(headers.of(store))
        .setCancelReason(Failures.shown(Failures.PERMISSION_DENIED))
        .build();
  }

  private WatchResponse.Builder ended(ResponseHeader header) {
    return WatchResponse.newBuilder().setHeader(header).setWatchId(id).setCanceled(true);
  }
}
