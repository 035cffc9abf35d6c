package io.kubekv.server.http;

import io.kubekv.server.limits.Budget;
import io.kubekv.server.limits.Limit;
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
  private final Deque<Waiting> waiting = new ArrayDeque<>();
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

  private record Waiting(Runnable hold, Runnable then) {}

  /** The limit that is met, if no more may be held. */
  private @Nullable Limit full() {
    if (held >= all.limits().maxHeldBytesOfClient()) {
      return Limit.CLIENT_HELD_BYTES;
    }
    // one body always goes on, lest all wait for each other
    return all.isFull() && held >= all.limits().maxBodyBytes() ? Limit.HELD_BYTES : null;
  }

  /** Holds what it is given to hold if there is room; otherwise the limit that is met. */
  synchronized @Nullable Limit ifThereIsRoom(Runnable hold) {
    Limit full = full();
    if (full == null) {
      hold.run();
    }
    return full;
  }

  /** The same once there is room, and then something else, unlocked; or never. */
  void onceThereIsRoom(Runnable hold, Runnable then) {
    synchronized (this) {
      waiting.add(new Waiting(hold, then));
    }
    look();
  }

  private void look() {
    for (Waiting next = next(); next != null; next = next()) {
      next.then().run();
    }
  }

  /** What is held counts before anybody else asks: many who wait do not all find the same room. */
  private synchronized @Nullable Waiting next() {
    Waiting next = full() == null ? waiting.poll() : null;
    if (next != null) {
      next.hold().run();
    }
    return next;
  }
}
