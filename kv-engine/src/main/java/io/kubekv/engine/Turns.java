package io.kubekv.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Runs tasks one at a time, in the order in which they were brought. Who brings one while none runs
 * runs it himself, and what is brought meanwhile; everybody else goes on at once. So there is no
 * thread that could die, and a lone caller waits for no other. Nobody runs others' tasks for long:
 * an executor takes over. Thread-safe; tasks may bring tasks, and must not wait.
 */
final class Turns {
  private static final int MOST_IN_A_ROW = 128;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final Executor relief;
  private final Consumer<Throwable> unexpected;
  private final int mostInARow;

  /**
   * @param relief runs what is left when a caller has run enough
   * @param unexpected is told what a task throws, in the task's turn
   */
  Turns(Executor relief, Consumer<Throwable> unexpected) {
    this(relief, unexpected, MOST_IN_A_ROW);
  }

  /**
   * As above.
   *
   * @param mostInARow how many tasks a caller runs
   */
  Turns(Executor relief, Consumer<Throwable> unexpected, int mostInARow) {
    this.relief = relief;
    this.unexpected = unexpected;
    this.mostInARow = mostInARow;
  }

  void run(Runnable task) {
    tasks.add(task);
    if (pending.getAndIncrement() == 0) {
      drain();
    }
  }

  private void drain() {
    int ran = 0;
    do {
      runNext();
      ran++;
    } while (pending.decrementAndGet() > 0 && !(ran % mostInARow == 0 && handedOver()));
  }

  private void runNext() {
    Runnable task = tasks.remove();
    try {
      task.run();
    } catch (RuntimeException | Error failure) {
      unexpected.accept(failure);
    }
  }

  private boolean handedOver() {
    try {
      relief.execute(this::drain);
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }
}
