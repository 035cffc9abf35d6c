package io.kubekv.etcdv3.watch;

import io.kubekv.Revision;
import io.kubekv.etcdv3.wire.Event;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.limits.Room;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of a watch's events makes one message: whole revisions, or where the client takes fragments
 * a part of a large one (etcd 3.6, server/etcdserver/api/v3rpc/watch.go: sendFragments). Made when
 * the client has room for it, and gone when it is sent.
 */
final class EventBatch implements AutoCloseable {
  /** Events of several revisions go together up to this size. */
  private static final long SEVERAL_BYTES = 256 << 10;

  /** Of a fragment: etcd's --max-request-bytes and 512 KiB more. */
  private static final long FRAGMENT_BYTES = 4 << 19;

  /** What an event takes in memory beside its bytes until it is sent. */
  private static final long OBJECT_BYTES = 256;

  private final EventCursor cursor;
  private final boolean inFragments;
  private final Room room;
  private final List<Event> events = new ArrayList<>();
  private Room.Part kept = Room.Part.NONE;
  private long keptBytes;
  private long bytes;
  private Revision last = Revision.ZERO;
  private boolean waits;
  private boolean isPart;

  /** No message can have what one revision has. */
  static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLargeException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * @param room for what is large
   */
  EventBatch(EventCursor cursor, boolean inFragments, Room room) {
    this.cursor = cursor;
    this.inFragments = inFragments;
    this.room = room;
  }

  /**
   * Takes events until it is full, or there are no more; may block where a revision is large.
   *
   * @throws OverLimitException when there was no room for such a one for too long
   * @throws TooLargeException when there never is
   */
  void fill() throws InterruptedException {
    boolean goesOn = true;
    while (goesOn) {
      Optional<EventCursor.Told> told = cursor.next();
      if (told.isEmpty()) {
        waits = true;
        return;
      }
      events.add(told.get().event());
      bytes += told.get().bytes();
      last = told.get().revision();
      goesOn = goesOn();
    }
  }

  private boolean goesOn() throws InterruptedException {
    Optional<EventCursor.Told> same = cursor.nextOf(last);
    if (same.isEmpty()) {
      return bytes < SEVERAL_BYTES;
    }
    if (inFragments) {
      isPart = bytes + same.get().bytes() >= FRAGMENT_BYTES;
      return !isPart;
    }
    keepRoom(bytes + same.get().bytes() + events.size() * OBJECT_BYTES);
    return true;
  }

  /** What is very large has the room to itself: how large it becomes is not known before. */
  private void keepRoom(long needed) {
    long most = Math.min(Integer.MAX_VALUE, room.largestListing());
    if (needed > most) {
      throw new TooLargeException(
          "kubekv: the events of revision %d are too large for one message; watch with fragments"
              .formatted(last.value()));
    }
    if (needed > FRAGMENT_BYTES) {
      keep(most);
    } else if (needed > SEVERAL_BYTES) {
      keep(Math.min(most, FRAGMENT_BYTES));
    }
  }

  /** In the place of what it had: two at a time would wait for each other. */
  private void keep(long wanted) {
    if (wanted > keptBytes) {
      kept.close();
      keptBytes = 0;
      kept = room.forListing(wanted);
      keptBytes = wanted;
    }
  }

  List<Event> events() {
    return events;
  }

  /** The revision of its last event. */
  Revision last() {
    return last;
  }

  /** Whether there was nothing more. */
  boolean waits() {
    return waits;
  }

  /** Whether the revision goes on in the next. */
  boolean isPart() {
    return isPart;
  }

  /** Gives back what it kept. */
  @Override
  public void close() {
    kept.close();
  }
}
