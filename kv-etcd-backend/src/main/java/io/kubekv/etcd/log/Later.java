package io.kubekv.etcd.log;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a task after a pause, which must not wait. Thread-safe. */
interface Later {
  Later TIMER =
      (pause, task) ->
          CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
              .execute(task);

  void run(Duration pause, Runnable task);
}
