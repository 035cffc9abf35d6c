package io.kubekv.transport.watch;

import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One client's watch. Its state is guarded by the hub's lock. */
final class Subscription {
  private enum State {
    /** Events are held back until the past has been delivered. */
    CATCHING_UP,
    /** Events go to the sink as they come. */
    LIVE,
    /** Nothing is delivered any more. */
    OVER,
    /** As {@link #OVER}, and the client must be told that it missed something. */
    LOST
  }

  /** More events than this while the past is still being read, and the watch is lost. */
  private static final int MAX_HELD = 10_000;

  private final WatchRequirements wanted;
  private State state = State.CATCHING_UP;
  private Revision past = Revision.ZERO;
  private @Nullable List<Occurrence> held;
  private @Nullable Sink sink;

  Subscription(WatchRequirements wanted) {
    this.wanted = wanted;
  }

  Range range() {
    return wanted.range();
  }

  Revision since() {
    return wanted.since();
  }

  boolean isStream() {
    return wanted.stream();
  }

  /** Up to this revision the past is read from the store, all events of the revision included. */
  void readPastTo(Revision last) {
    past = last;
  }

  /** The hub begins anew behind a revision; an earlier one than before when the store went back. */
  void hubBeginsBehind(Revision standing) {
    past = past.isAfter(standing) ? standing : past;
  }

  boolean wants(WatchEvent event) {
    return !event.revision().isBefore(wanted.since())
        && wanted.visible().test(wanted.range(), event);
  }

  /**
   * Whether this change, known from the states before and behind a gap, is the next that the client
   * would have seen without the gap: the very next one of a single key. Of a tree that cannot be
   * known, nor where a vanished key's removal belongs; and the client's next question may be served
   * from what another replica remembers, so that it would never hear of what was skipped.
   */
  boolean isAnsweredBehindGap(WatchEvent event) {
    return wanted.range() instanceof Range.Exact
        && event instanceof WatchEvent.Put put
        && put.previous().isPresent();
  }

  /** Whether it gets an event from the past that it reads, and not from the hub. */
  boolean readsForItself(WatchEvent event) {
    return !event.revision().isAfter(past);
  }

  /** Says where events go; the sink is to be told at once when the watch is lost already. */
  boolean opened(Sink newSink) {
    sink = newSink;
    return state == State.LOST;
  }

  boolean isLive() {
    return state == State.LIVE;
  }

  boolean isOver() {
    return state == State.OVER || state == State.LOST;
  }

  void end() {
    state = State.OVER;
    held = null;
  }

  /** Ends it as lost; whom to tell, when somebody is there already. */
  Optional<Sink> lose() {
    state = State.LOST;
    held = null;
    return Optional.ofNullable(sink);
  }

  /** Keeps an event until the past has been delivered; false when there are too many. */
  boolean hold(Occurrence occurrence) {
    if (held == null) {
      held = new ArrayList<>();
    }
    return held.size() < MAX_HELD && held.add(occurrence);
  }

  /** What was held, to be delivered now; when there is nothing, it is live from here on. */
  List<Occurrence> release() {
    if (held == null) {
      state = State.LIVE;
      return List.of();
    }
    List<Occurrence> released = held;
    held = null;
    return released;
  }

  boolean deliver(Occurrence occurrence) {
    Sink to = sink;
    return to != null && to.deliver(occurrence);
  }
}
