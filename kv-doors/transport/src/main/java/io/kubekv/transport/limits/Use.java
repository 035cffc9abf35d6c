package io.kubekv.transport.limits;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request's part of its client's budget, from its turn to its end. Thread-safe. */
public final class Use {
  private static final ThreadLocal<Use> CURRENT = new ThreadLocal<>();

  private enum State {
    IN_FLIGHT,
    WATCHING,
    OVER
  }

  private final @Nullable Budget budget;
  private final double expected;
  private State state = State.IN_FLIGHT;
  private Room.Part room = Room.Part.NONE;
  private volatile @Nullable Executor loop;

  /**
   * @param expected bytes, which are charged already
   */
  Use(@Nullable Budget budget, double expected) {
    this.budget = budget;
    this.expected = expected;
  }

  /** Of a request that is on nobody's budget, but takes memory as all do. */
  public static Use ofNobody() {
    return new Use(null, 0);
  }

  /** What the current thread answers; empty when it answers nothing. */
  public static Optional<Use> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /** Has the current thread answer this. */
  public void run(Runnable answer) {
    call(
        () -> {
          answer.run();
          return this;
        });
  }

  /** The same of what returns something. */
  public <T> T call(Supplier<T> answer) {
    Use before = CURRENT.get();
    CURRENT.set(this);
    try {
      return answer.get();
    } finally {
      CURRENT.set(before);
    }
  }

  /** It is answered by an event loop, as long as that need not wait. */
  public void goesOnIn(Executor newLoop) {
    loop = newLoop;
  }

  /** The event loop that answers it, if one does. */
  public Optional<Executor> loop() {
    return Optional.ofNullable(loop);
  }

  /** Of whose budget it is a part; empty for nobody's. */
  public Optional<Budget> budget() {
    return Optional.ofNullable(budget);
  }

  /**
   * The request is one that waits for changes. May be repeated.
   *
   * @throws OverLimitException when its client, or all of them, have too many of these
   */
  public synchronized void watch() {
    if (state == State.IN_FLIGHT && budget != null) {
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

  /** What is kept, for whoever has to keep it beyond the end. */
  public synchronized Room.Part takeOver() {
    Room.Part kept = room;
    room = Room.Part.NONE;
    return kept;
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
    if (was == State.OVER) {
      return;
    }
    room.close();
    if (budget != null && was == State.IN_FLIGHT) {
      budget.requestEnds(expected, bytes);
    } else if (budget != null) {
      budget.watchCloses();
    }
  }
}
