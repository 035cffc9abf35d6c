package io.kubekv.engine;

import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The hand-over of turns: whoever brings a task, it runs once, alone, in the order in which it was
 * brought, and none stays behind; whether it throws or not.
 */
@Tag("lincheck")
class TurnsLincheckTest {
  @Test
  void tasks_broughtByTwoThreads_runOneAtATimeInOrder() {
    LincheckOptions.modelChecking()
        .threads(2)
        .actorsBefore(0)
        .actorsPerThread(2)
        .actorsAfter(1)
        .iterations(3)
        .invocationsPerIteration(300)
        .check(Numbered.class);
  }

  /** Each task takes the next number, of a counter that nothing but the turns protects. */
  public static class Numbered {
    private final Turns turns = new Turns(Runnable::run, failure -> number(), 1);
    private int last;

    @Operation
    public int bring() {
      int[] mine = {0};
      return await(() -> mine[0] = number(), mine);
    }

    /** The number is the failure's, taken in the same turn. */
    @Operation
    public int bringOneThatThrows() {
      int[] mine = {0};
      Runnable task =
          () -> {
            mine[0] = last + 1;
            throw new IllegalStateException("as planned");
          };
      return await(task, mine);
    }

    private int number() {
      int now = last;
      last = now + 1;
      return last;
    }

    /** Brings a task that may run in another's turn, and waits until everything before it ran. */
    private int await(Runnable task, int[] mine) {
      Done done = new Done();
      turns.run(task);
      turns.run(() -> done.happened = true);
      while (!done.happened) {
        Thread.onSpinWait();
      }
      return mine[0];
    }
  }

  private static final class Done {
    private volatile boolean happened;
  }
}
