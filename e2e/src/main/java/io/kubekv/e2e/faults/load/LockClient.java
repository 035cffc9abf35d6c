package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.LockCall;
import io.kubekv.e2e.faults.history.LockCall.Step;
import io.kubekv.e2e.faults.history.Result;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * One client that begins sessions, takes locks for them, renews them, and ends in all ways:
 * releases, ends the session, or vanishes and leaves both to the time to live.
 */
final class LockClient implements Runnable {
  /** What all locks begin with that are the session's, as Consul has them. */
  static final String ROOT = "l/";

  /** The same of those that are queues of a session's nodes, as ZooKeeper's recipe has them. */
  static final String QUEUES = "zl/";

  /** How many locks of each kind there are. */
  static final int LOCKS = 2;

  static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);
  private static final int RENEWALS = 4;

  private final String name;
  private final String root;
  private final Seat<? extends Sessions> seat;
  private final History history;
  private final Pace pace;
  private final SplittableRandom random;
  private int values;

  /**
   * @param root of its locks
   */
  LockClient(
      String name,
      String root,
      Seat<? extends Sessions> seat,
      History history,
      Pace pace,
      SplittableRandom random) {
    this.name = name;
    this.root = root;
    this.seat = seat;
    this.history = history;
    this.pace = pace;
    this.random = random;
  }

  @Override
  public void run() {
    while (!pace.isOver()) {
      String session = begin();
      if (session.isEmpty()) {
        seat.move();
        Pace.pause(50);
      } else {
        live(session);
      }
    }
    seat.close();
  }

  /** Tries until it gets a lock, for a session of its own; whether it got it. */
  boolean getsWithin(String key, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    String session = "";
    while (System.nanoTime() < deadline) {
      if (session.isEmpty() || renew(session) == Result.REFUSED) {
        session = begin();
      }
      if (!session.isEmpty() && acquire(key, session) == Result.DONE) {
        end(session);
        return true;
      }
      seat.move();
      Pace.pause(100);
    }
    return false;
  }

  /** The id, or empty. */
  private String begin() {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Sessions.Begun begun = seat.door().begin(TIME_TO_LIVE);
    note(id, invoked, Step.BEGIN, "", begun.id(), begun.result(), 0);
    return begun.result() == Result.DONE ? begun.id() : "";
  }

  private void live(String session) {
    String key = root + random.nextInt(LOCKS);
    Result acquired = Result.REFUSED;
    for (int tries = 0; tries < 20 && acquired == Result.REFUSED && !pace.isOver(); tries++) {
      acquired = acquire(key, session);
      if (acquired == Result.REFUSED) {
        Pace.pause(random.nextLong(10, 100));
        if (tries % 5 == 4 && renew(session) == Result.REFUSED) {
          return;
        }
      }
    }
    for (int i = random.nextInt(RENEWALS); i > 0 && acquired == Result.DONE; i--) {
      Pace.pause(random.nextLong(20, 300));
      renew(session);
    }
    leave(key, session);
  }

  private void leave(String key, String session) {
    switch (random.nextInt(5)) {
      case 0 -> Pace.pause(50); // vanishes
      case 1 -> end(session);
      default -> {
        step(Step.RELEASE, key, session, () -> seat.door().release(key, session));
        end(session);
      }
    }
  }

  private Result renew(String session) {
    return step(Step.RENEW, "", session, () -> seat.door().renew(session));
  }

  private void end(String session) {
    step(Step.END, "", session, () -> seat.door().end(session));
  }

  private Result acquire(String key, String session) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Door.Acquired acquired = seat.door().acquire(key, session, name + "." + values++);
    note(id, invoked, Step.ACQUIRE, key, session, acquired.result(), acquired.token());
    moveAfter(acquired.result());
    return acquired.result();
  }

  private Result step(Step step, String key, String session, Supplier<Result> call) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Result result = call.get();
    note(id, invoked, step, key, session, result, 0);
    moveAfter(result);
    return result;
  }

  private void moveAfter(Result result) {
    if (result == Result.FAILED || result == Result.UNKNOWN) {
      seat.move();
      Pace.pause(20);
    }
  }

  private void note(
      long id, long invoked, Step step, String key, String session, Result result, long token) {
    Call call = new Call(id, name, "locks", seat.replica(), invoked, System.nanoTime());
    history.add(new LockCall(call, step, key, session, TIME_TO_LIVE.toMillis(), result, token));
  }
}
