package io.kubekv.etcd.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Pauses that are over when a test says so. For one thread. */
final class DrivenPauses implements Later {
  private final List<Runnable> waiting = new ArrayList<>();

  @Override
  public void run(Duration pause, Runnable task) {
    waiting.add(task);
  }

  int count() {
    return waiting.size();
  }

  /** All that wait now are over; those that begin meanwhile are not. */
  void pass() {
    List<Runnable> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(Runnable::run);
  }
}
