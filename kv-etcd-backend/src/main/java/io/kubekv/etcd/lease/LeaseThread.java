package io.kubekv.etcd.lease;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which everything of a lease happens; what fails does not end it. */
final class LeaseThread {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseThread.class);

  private final ScheduledThreadPoolExecutor thread;

  LeaseThread() {
    thread =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("kubekv-etcd-lease").factory());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  void run(Runnable task) {
    after(Duration.ZERO, task);
  }

  void after(Duration pause, Runnable task) {
    try {
      ScheduledFuture<?> unused =
          thread.schedule(() -> guarded(task), pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      // nothing that was to come comes
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException bug) {
      LOG.error("the lease goes on after an unexpected error", bug);
    }
  }

  void stop() {
    thread.shutdown();
  }
}
