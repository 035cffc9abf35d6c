package io.kubekv.engine;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Begins turns when their time has come, and runs long ones: {@link #execute} runs a task soon, or
 * fails with {@link RejectedExecutionException} after {@link #stop}. Thread-safe.
 */
interface Alarm extends Executor {
  /** Runs a task later, or never when it is stopped before. */
  void after(Duration pause, Runnable task);

  /** Runs a task again and again. */
  void every(Duration pause, Runnable task);

  /** Runs nothing more. */
  void stop();
}
