package io.kubekv.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Runs tasks on virtual threads that begin at the same moment. */
final class Together {
  /** What one of several threads does. */
  interface Task<T> {
    T run(int number) throws Exception;
  }

  private Together() {}

  static <T> List<T> run(int threads, Duration patience, Task<T> task) throws Exception {
    return all(
        patience,
        IntStream.range(0, threads).<Callable<T>>mapToObj(i -> () -> task.run(i)).toList());
  }

  /** The results in the order of the tasks; the first failure is thrown. */
  static <T> List<T> all(Duration patience, List<Callable<T>> tasks) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> task : tasks) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  return task.call();
                }));
      }
      start.countDown();
      List<T> results = new ArrayList<>();
      for (Future<T> future : running) {
        results.add(result(future, patience));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> T result(Future<T> future, Duration patience) throws Exception {
    try {
      return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("a thread was not done within " + patience, late);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw new AssertionError(failed.getCause());
    }
  }
}
