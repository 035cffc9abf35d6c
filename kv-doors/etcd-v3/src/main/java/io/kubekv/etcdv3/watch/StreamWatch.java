package io.kubekv.etcdv3.watch;

import com.google.protobuf.ByteString;
import io.kubekv.KeyValueStore;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.keys.Ranges;
import io.kubekv.etcdv3.wire.ResponseHeader;
import io.kubekv.etcdv3.wire.WatchCreateRequest;
import io.kubekv.etcdv3.wire.WatchResponse;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Room;
import java.util.function.Consumer;

/** One watch of a stream: a cursor of the store, and what the client wants to be told of it. */
final class StreamWatch {
  /** What follows on a {@link #tell}. */
  enum Next {
    /** There is more. */
    MORE,
    /** A revision goes on, and nothing else may be told before that: clients put it together. */
    PART,
    /** There is nothing until the watch calls. */
    WAIT,
    /** The watch has ended. */
    OVER
  }

  private static final ByteString NUL = ByteString.copyFrom(new byte[1]);

  private final WatchCreateRequest wanted;
  private final Range range;
  private final KeyValueStore store;
  private final Watch watch;
  private final EventCursor cursor;
  private final Room room;
  private long id;
  private boolean quiet = true;
  private boolean due;

  /**
   * Begins; throws what the store throws.
   *
   * @param room for what is large of its events
   */
  StreamWatch(WatchCreateRequest wanted, Range range, KeyValueStore store, Room room) {
    this.wanted = wanted;
    this.range = range;
    this.store = store;
    this.room = room;
    this.watch =
        store.watch(
            wanted.getStartRevision() == 0
                ? io.kubekv.WatchRequest.fromNow(range)
                : io.kubekv.WatchRequest.from(range, first()));
    this.cursor = new EventCursor(watch, wanted, range, store);
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

  /**
   * Tells what is known, some of it at a time.
   *
   * @param to takes at most one message of events, and the word that the watch has ended
   */
  Next tell(Headers headers, Consumer<WatchResponse> to) {
    try (EventBatch batch = new EventBatch(cursor, wanted.getFragment(), room)) {
      Revision known = due ? position() : Revision.ZERO;
      batch.fill();
      return tell(batch, known, headers, to);
    } catch (PermissionDeniedException revoked) {
      to.accept(revoked(headers));
    } catch (OverLimitException busy) {
      to.accept(canceled(Failures.shown(Failures.TOO_MANY_REQUESTS), headers));
    } catch (EventBatch.TooLargeException large) {
      to.accept(canceled(String.valueOf(large.getMessage()), headers));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while telling events", stopped);
    }
    return Next.OVER;
  }

  private Next tell(EventBatch batch, Revision known, Headers headers, Consumer<WatchResponse> to) {
    if (!batch.events().isEmpty()) {
      quiet = false;
      due = false;
      to.accept(
          WatchResponse.newBuilder()
              .setHeader(headers.of(store, batch.last()))
              .setWatchId(id)
              .addAllEvents(batch.events())
              .setFragment(batch.isPart())
              .build());
    } else if (due && cursor.gone().isEmpty() && !known.isBefore(first())) {
      due = false;
      to.accept(
          WatchResponse.newBuilder().setHeader(headers.of(store, known)).setWatchId(id).build());
    }
    if (cursor.gone().isPresent()) {
      // etcd says no revision here
      ResponseHeader header = headers.of(store, Revision.ZERO);
      to.accept(ended(header).setCompactRevision(cursor.gone().get().value()).build());
      return Next.OVER;
    }
    return batch.isPart() ? Next.PART : batch.waits() ? Next.WAIT : Next.MORE;
  }

  /** The word that the watch has ended since its caller may no longer see what it watches. */
  WatchResponse revoked(Headers headers) {
    return canceled(Failures.shown(Failures.PERMISSION_DENIED), headers);
  }

  private WatchResponse canceled(String why, Headers headers) {
    return ended(headers.of(store)).setCancelReason(why).build();
  }

  private WatchResponse.Builder ended(ResponseHeader header) {
    return WatchResponse.newBuilder().setHeader(header).setWatchId(id).setCanceled(true);
  }
}
