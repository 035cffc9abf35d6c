package io.kubekv.k8s;

import io.kubekv.Key;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Writes of many keys, a bounded number of them under way together. */
final class Batch {
  private static final int TOGETHER = 16;

  private Batch() {}

  /**
   * The results in the order of the keys; blocks until all are done.
   *
   * @throws StoreException the first failure of one; the others were tried all the same
   */
  static <T> List<T> run(List<Key> keys, Function<Key, T> write) {
    if (keys.isEmpty()) {
      return List.of();
    }
    if (keys.size() == 1) {
      return List.of(write.apply(keys.getFirst()));
    }
    Semaphore room = new Semaphore(TOGETHER);
    List<Future<T>> running = new ArrayList<>();
    try (ExecutorService workers = Executors.newThreadPerTaskExecutor(Threads.named("batch"))) {
      for (Key key : keys) {
        room.acquireUninterruptibly();
        running.add(
            workers.submit(
                () -> {
                  try {
                    return write.apply(key);
                  } finally {
                    room.release();
                  }
                }));
      }
      List<T> results = new ArrayList<>(keys.size());
      for (Future<T> one : running) {
        results.add(result(one));
      }
      return results;
    }
  }

  private static <T> T result(Future<T> one) {
    try {
      return one.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof StoreException known) {
        throw known;
      }
      throw new IllegalStateException("a write of several failed", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new OutcomeUnknownException("interrupted while writing several keys");
    }
  }
}
