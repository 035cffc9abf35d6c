package io.kubekv.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;

/**
 * Everything that happens later, in an order that a seed chooses: messages on their way, and
 * alarms. One thread runs all of it, so that a seed means one history. Nothing here knows of real
 * time.
 */
final class SimulatedWorld {
  private final Random random;
  private final List<Runnable> later = new ArrayList<>();

  SimulatedWorld(Random random) {
    this.random = random;
  }

  /** Something that happens whenever the seed says so. */
  void later(Runnable what) {
    later.add(what);
  }

  /** Runs one of the things that are to happen; false when there are none. */
  boolean step() {
    if (later.isEmpty()) {
      return false;
    }
    int chosen = random.nextInt(later.size());
    Runnable next = later.get(chosen);
    later.set(chosen, later.getLast());
    later.removeLast();
    next.run();
    return true;
  }

  /** Alarms that ring whenever the seed says so. Nothing is swept: patience does not end here. */
  final class SimulatedAlarm implements Alarm {
    private boolean stopped;

    @Override
    public void execute(Runnable task) {
      if (stopped) {
        throw new RejectedExecutionException("stopped");
      }
      later.add(task);
    }

    @Override
    public void after(Duration pause, Runnable task) {
      if (!stopped) {
        later.add(task);
      }
    }

    @Override
    public void every(Duration pause, Runnable task) {}

    @Override
    public void stop() {
      stopped = true;
    }
  }

  /** A link that delivers in any order, and loses what the seed says while it is bad. */
  final class SimulatedLink implements MemoryLog.Link {
    private final int lossInHundred;
    private boolean good;

    SimulatedLink(int lossInHundred) {
      this.lossInHundred = lossInHundred;
    }

    void mend() {
      good = true;
    }

    private boolean loses() {
      return !good && random.nextInt(100) < lossInHundred;
    }

    @Override
    public void carry(Runnable message) {
      later.add(message);
    }

    @Override
    public boolean losesAnswer() {
      return loses();
    }

    @Override
    public boolean losesRequest() {
      return loses();
    }

    @Override
    public boolean losesEvent() {
      return loses();
    }
  }
}
