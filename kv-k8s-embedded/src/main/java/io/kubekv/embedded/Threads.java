package io.kubekv.embedded;

/** Where the module's own threads are born. Vert.x makes the event loop. */
final class Threads {
  private Threads() {}

  /** A platform thread that does not keep the process alive; not started. */
  static Thread daemon(String name, Runnable work) {
    return Thread.ofPlatform().name(name).daemon(true).unstarted(work);
  }

  /** Runs work that may block or take long on a virtual thread. */
  static void virtual(String name, Runnable work) {
    Thread.ofVirtual().name(name).start(work);
  }
}
