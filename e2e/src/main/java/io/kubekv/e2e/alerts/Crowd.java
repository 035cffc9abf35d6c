package io.kubekv.e2e.alerts;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Clients that do the same again and again, at the same time. */
final class Crowd {
  private Crowd() {}

  /** What one does; its answer does not matter. */
  @FunctionalInterface
  interface Deed {
    Object run(int number) throws IOException;
  }

  /** Blocks until the time is over and each has ended. */
  static void run(int clients, Duration time, Deed deed) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    List<Future<Integer>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        int number = i;
        all.add(
            threads.submit(
                () -> {
                  int times = 0;
                  while (System.nanoTime() < end) {
                    deed.run(number);
                    times++;
                  }
                  return times;
                }));
      }
      for (Future<Integer> each : all) {
        each.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException("a client of the crowd failed", failed.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
