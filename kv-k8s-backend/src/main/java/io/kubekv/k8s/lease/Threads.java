package io.kubekv.k8s.lease;

import java.util.concurrent.ThreadFactory;

/** Where this module's threads are born: all virtual, all named for what they do. */
final class Threads {
  private Threads() {}

  /** Starts a thread that runs until its work returns. */
  static Thread start(String task, Runnable work) {
    return Thread.ofVirtual().name("kubekv-" + task).start(work);
  }

  /** Makes threads for an executor; the name gets a number. */
  static ThreadFactory named(String task) {
    return Thread.ofVirtual().name("kubekv-" + task + "-", 0).factory();
  }
}
