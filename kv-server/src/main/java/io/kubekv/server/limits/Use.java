package io.kubekv.server.limits;

import java.util.Optional;

/** One request's part of its client's budget, from its turn to its end. Thread-safe. */
public final class Use {
  private static final ThreadLocal<Use> CURRENT = new ThreadLocal<>();

  private enum State {
    IN_FLIGHT,
    WATCHING,
    OVER
  }

  private final Budget budget;
  private final double expected;
  private State state = State.IN_FLIGHT;
  private Room.Part room = Room.Part.NONE;

  /**
   * @param expected bytes, which are charged already
   */
  Use(Budget budget, double expected) {
    this.budget = budget;
    this.expected = expected;
  }

  /** What the current thread answers; empty when it answers nothing. */
  public static Optional<Use> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /** Has the current thread answer this. */
  public void run(Runnable answer) {
    Use before = CURRENT.get();
    CURRENT.set(this);
    try {
      answer.run();
    } finally {
      CURRENT.set(before);
    }
  }

  /** Of whose budget it is a part. */
  public Budget budget() {
    return budget;
  }

  /**
   * The request is one that waits for changes. May be repeated.
   *
   * @throws OverLimitException when its client, or all of them, have too many of these
   */
  public synchronized void watch() {
    if (state == State.IN_FLIGHT) {
      budget.watchBegins(expected);
      state = State.WATCHING;
    }
  }

  /**
   * Keeps some memory, in the place of what it has kept until now, and gives it back at its end.
   */
  public void keep(Room.Part part) {
    Room.Part other;
    synchronized (this) {
      other = state == State.OVER ? part : room;
      room = state == State.OVER ? room : part;
    }
    other.close();
  }

  /**
   * The request is answered, or nobody wants the answer any more. Only the first call counts.
   *
   * @param bytes of request and answer
   */
  public void end(long bytes) {
    State was;
    synchronized (this) {
      was = state;
      state = State.OVER;
    }
    switch (was) {
      case IN_FLIGHT -> budget.requestEnds(expected, bytes);
      case WATCHING -> budget.watchEnds();
      case OVER -> {
        return;
      }
    }
    room.close();
  }
}
