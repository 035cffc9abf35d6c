package io.kubekv.etcd;

import java.time.Duration;

/** Where this module's threads are born: all virtual, all named for what they do. */
final class Threads {
  private Threads() {}

  /** Starts a thread that runs until its work returns. */
  static Thread start(String task, Runnable work) {
    return Thread.ofVirtual().name("kubekv-etcd-" + task).start(work);
  }

  /** Sleeps; whether the whole time has passed, and the thread was not told to stop. */
  static boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return true;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
