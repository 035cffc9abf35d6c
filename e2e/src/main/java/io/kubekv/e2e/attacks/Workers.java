package io.kubekv.e2e.attacks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Many do the same at a time. */
final class Workers {
  private Workers() {}

  /** What one does. */
  @FunctionalInterface
  interface Deed {
    void run(int number) throws IOException;
  }

  /**
   * Does it for each number below {@code count}, at most so many at a time. Blocks until all have
   * ended; those that fail are passed over, for whoever attacks does not care.
   *
   * @return how many failed
   */
  static int all(int atATime, int count, Deed deed) throws IOException {
    Semaphore turns = new Semaphore(atATime);
    List<Boolean> failed = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        turns.acquire();
        var unused =
            threads.submit(
                () -> {
                  try {
                    deed.run(number);
                  } catch (IOException | RuntimeException e) {
                    synchronized (failed) {
                      failed.add(true);
                    }
                  } finally {
                    turns.release();
                  }
                });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return failed.size();
  }

  /** Begins it for each number at once; returns after that time, done or not. */
  static void forTime(int count, Duration time, Deed deed) throws IOException {
    CountDownLatch done = new CountDownLatch(count);
    AtomicReference<Throwable> broken = new AtomicReference<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  deed.run(number);
                } catch (IOException e) {
                  // cut off, which it may be
                } catch (RuntimeException e) {
                  broken.set(e);
                } finally {
                  done.countDown();
                }
              });
    }
    try {
      done.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (broken.get() != null) {
      throw new IOException("the attack is broken", broken.get());
    }
  }
}
