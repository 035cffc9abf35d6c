package io.kubekv.e2e.faults.load;

import io.kubekv.e2e.faults.history.Call;
import io.kubekv.e2e.faults.history.History;
import io.kubekv.e2e.faults.history.MortalCall;
import io.kubekv.e2e.faults.history.MortalCall.Step;
import io.kubekv.e2e.faults.history.Result;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** One client that stores keys with a time to live, refreshes them, and looks until they go. */
final class MortalClient implements Runnable {
  static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);
  private static final int REFRESHES = 4;

  private final String name;
  private final Duration timeToLive;
  private final Seat<? extends Mortals> seat;
  private final History history;
  private final Pace pace;
  private final SplittableRandom random;
  private int keys;

  MortalClient(
      String name,
      Duration timeToLive,
      Seat<? extends Mortals> seat,
      History history,
      Pace pace,
      SplittableRandom random) {
    this.name = name;
    this.timeToLive = timeToLive;
    this.seat = seat;
    this.history = history;
    this.pace = pace;
    this.random = random;
  }

  @Override
  public void run() {
    while (!pace.isOver()) {
      String key = "t/" + name + "/" + keys++;
      Result put =
          step(Step.PUT, key, timeToLive, () -> seat.door().put(key, "mortal", timeToLive));
      if (put == Result.DONE) {
        live(key);
      }
    }
    seat.close();
  }

  private void live(String key) {
    for (int i = random.nextInt(REFRESHES); i > 0 && !pace.isOver(); i--) {
      Pace.pause(random.nextLong(100, 700));
      step(Step.REFRESH, key, timeToLive, () -> seat.door().refresh(key, timeToLive));
      look(key);
    }
    while (!pace.isOver() && look(key) != Result.REFUSED) {
      Pace.pause(random.nextLong(20, 120));
    }
  }

  private Result look(String key) {
    return step(Step.LOOK, key, Duration.ZERO, () -> seat.door().look(key));
  }

  private Result step(Step step, String key, Duration lives, Supplier<Result> send) {
    long id = history.nextCall();
    long invoked = System.nanoTime();
    Result result = send.get();
    Call call = new Call(id, name, "mortals", seat.replica(), invoked, System.nanoTime());
    boolean absent = step == Step.LOOK && result == Result.REFUSED;
    history.add(
        new MortalCall(
            call,
            step,
            key,
            lives.toMillis(),
            absent ? Result.DONE : result,
            step == Step.LOOK && result == Result.DONE));
    if (result == Result.FAILED || result == Result.UNKNOWN) {
      seat.move();
      Pace.pause(20);
    }
    return result;
  }
}
