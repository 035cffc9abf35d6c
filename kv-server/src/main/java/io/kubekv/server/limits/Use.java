package io.kubekv.server.limits;

/** One request's part of its client's budget, from its turn to its end. Thread-safe. */
public final class Use {
  private enum State {
    IN_FLIGHT,
    WATCHING,
    OVER
  }

  private final Budget budget;
  private State state = State.IN_FLIGHT;

  Use(Budget budget) {
    this.budget = budget;
  }

  /**
   * The request is one that waits for changes. May be repeated.
   *
   * @throws OverLimitException when its client, or all of them, have too many of these
   */
  public synchronized void watch() {
    if (state == State.IN_FLIGHT) {
      budget.watchBegins();
      state = State.WATCHING;
    }
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
      case IN_FLIGHT -> budget.requestEnds(bytes);
      case WATCHING -> budget.watchEnds();
      case OVER -> {}
    }
  }
}
