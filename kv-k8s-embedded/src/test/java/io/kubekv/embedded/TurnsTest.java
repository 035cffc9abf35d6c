package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final Turns turns = new Turns();
  private final List<String> done = new ArrayList<>();

  @Test
  void execute_fromATask_runsAfterIt() {
    turns.execute(
        () -> {
          turns.execute(() -> done.add("second"));
          done.add("first");
        });

    assertThat(done).containsExactly("first", "second");
  }

  @Test
  void execute_afterATaskThatFailed_goesOn() {
    turns.execute(
        () -> {
          throw new IllegalStateException("as the test wants it");
        });
    turns.execute(() -> done.add("next"));

    assertThat(done).containsExactly("next");
  }

  @Test
  void execute_whileAnotherThreadIsAtIt_leavesTheTaskToThatThread() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    Thread first =
        Thread.ofVirtual()
            .start(
                () ->
                    turns.execute(
                        () -> {
                          threads.add(Thread.currentThread());
                          begun.countDown();
                          await(goOn);
                        }));
    begun.await();

    turns.execute(() -> threads.add(Thread.currentThread()));
    goOn.countDown();
    first.join();

    assertThat(threads).containsExactly(first, first);
  }

  @Test
  void execute_byManyThreads_losesNoTaskAndNeedsNoLock() throws Exception {
    int[] count = {0};
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 10_000; i++) {
                      turns.execute(() -> count[0]++);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(count[0]).isEqualTo(80_000);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
