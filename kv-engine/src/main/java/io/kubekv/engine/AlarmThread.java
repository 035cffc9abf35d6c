package io.kubekv.engine;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread for what is to happen later. */
final class AlarmThread implements Alarm {
  private final ScheduledThreadPoolExecutor timer;

  AlarmThread() {
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("kubekv-engine").factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    timer.execute(task);
  }

  @Override
  public void after(Duration pause, Runnable task) {
    try {
      ScheduledFuture<?> unused =
          timer.schedule(task, Math.max(0, pause.toNanos()), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException stopped) {
      // nothing that was to come comes
    }
  }

  @Override
  public void every(Duration pause, Runnable task) {
    ScheduledFuture<?> unused =
        timer.scheduleWithFixedDelay(task, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void stop() {
    timer.shutdown();
  }
}
