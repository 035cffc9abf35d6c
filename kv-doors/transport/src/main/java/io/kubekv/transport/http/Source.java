package io.kubekv.transport.http;

import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.Limit;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What comes from one address: its connections, and the bytes that are held for them. Thread-safe.
 */
final class Source {
  /** Connections over the limit that are told so; more are closed without a word. */
  private static final int TOLD = 32;

  private final String origin;
  private final Sources all;
  private final Budget budget;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final Deque<Runnable> paused = new ArrayDeque<>();
  private int arriving;
  private int connections;
  private long held;

  Source(String origin, Sources all, Budget budget) {
    this.origin = origin;
    this.all = all;
    this.budget = budget;
  }

  String origin() {
    return origin;
  }

  /** Of whoever has no other name. */
  Budget budget() {
    return budget;
  }

  /** What becomes of a new connection. */
  enum Reception {
    SERVED,
    /** It is one too many, and its first request is told so. */
    TOLD,
    CLOSED
  }

  synchronized Reception connected() {
    connections++;
    int over = connections - all.limits().maxConnectionsOfClient();
    return over <= 0 ? Reception.SERVED : over <= TOLD ? Reception.TOLD : Reception.CLOSED;
  }

  /**
   * A connection is gone, and what was held for it.
   *
   * @return whether it was the last one
   */
  boolean left(long heldForIt) {
    give(heldForIt);
    synchronized (this) {
      return --connections == 0;
    }
  }

  void take(long bytes) {
    all.take(bytes);
    synchronized (this) {
      held += bytes;
    }
  }

  void give(long bytes) {
    synchronized (this) {
      held -= bytes;
    }
    all.give(bytes);
    look();
  }

  /** The limit that is met, if no more may be held. */
  synchronized @Nullable Limit full() {
    if (held >= all.limits().maxHeldBytesOfClient()) {
      return Limit.CLIENT_HELD_BYTES;
    }
    return all.isFull() && held >= all.limits().maxBodyBytes() ? Limit.HELD_BYTES : null;
  }

  /** Runs something once there is room: soon, or never. */
  void onceThereIsRoom(Runnable then) {
    synchronized (this) {
      waiting.add(then);
    }
    look();
  }

  /** The bytes of one body more are coming. */
  synchronized void arrives() {
    arriving++;
  }

  /** A body comes no further. */
  void arrived() {
    synchronized (this) {
      arriving--;
    }
    look();
  }

  /**
   * Whether a body that arrives has to stop, because there is no room; one always goes on, lest all
   * wait for each other.
   *
   * @param goOn lets it arrive again
   */
  boolean pauses(Runnable goOn) {
    Limit full;
    synchronized (this) {
      full = full();
      if (full == null || arriving <= 1) {
        return false;
      }
      arriving--;
      paused.add(goOn);
    }
    all.hits().delayed(full);
    return true;
  }

  /** Whether somebody waits for room. */
  synchronized boolean isWaitedFor() {
    return !waiting.isEmpty() || !paused.isEmpty();
  }

  private void look() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  /** What has begun goes first. */
  private synchronized @Nullable Runnable next() {
    boolean room = full() == null;
    if (!paused.isEmpty() && (room || arriving == 0)) {
      arriving++;
      return paused.remove();
    }
    return room ? waiting.poll() : null;
  }
}
