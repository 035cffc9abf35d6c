package io.kubekv.cli.transfer;

import io.kubekv.cli.terminal.Progress;
import io.kubekv.export.Item;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Several importers at work at once; the first failure stops all. */
final class Crew implements AutoCloseable {
  private static final int WORKERS = 16;

  private final Importer importer;
  private final Progress progress;
  private final Semaphore free = new Semaphore(WORKERS);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Importer.Result, Long> counts = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  Crew(Importer importer, Progress progress) {
    this.importer = importer;
    this.progress = progress;
  }

  /** Settles an item before it returns. */
  void settle(Item item) {
    rethrow();
    work(item);
    rethrow();
  }

  /** Has an item settled; blocks while all are busy. */
  void handOn(Item item) {
    rethrow();
    free.acquireUninterruptibly();
    threads.execute(
        () -> {
          try {
            work(item);
          } finally {
            free.release();
          }
        });
  }

  /** Returns when all are done. */
  void finish() {
    free.acquireUninterruptibly(WORKERS);
    free.release(WORKERS);
    rethrow();
  }

  long count(Importer.Result result) {
    return counts.getOrDefault(result, 0L);
  }

  private void work(Item item) {
    try {
      counts.merge(importer.settle(item), 1L, Long::sum);
      progress.one();
    } catch (RuntimeException wrong) {
      failure.compareAndSet(null, wrong);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      failure.compareAndSet(null, TransferException.unavailable("interrupted", interrupted));
    }
  }

  private void rethrow() {
    RuntimeException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
