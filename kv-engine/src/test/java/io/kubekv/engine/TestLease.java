package io.kubekv.engine;

import io.kubekv.engine.log.Lease;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A lease that is had when a test says so. Thread-safe. */
final class TestLease implements Lease {
  private @Nullable Listener listener;
  private @Nullable AtomicBoolean term;
  private boolean had;

  /**
   * @param had whether it is had from the beginning
   */
  TestLease(boolean had) {
    this.had = had;
  }

  @Override
  public synchronized void compete(Listener newListener) {
    listener = newListener;
    if (had) {
      take();
    }
  }

  /** Begins a term. */
  synchronized void take() {
    had = true;
    AtomicBoolean valid = new AtomicBoolean(true);
    term = valid;
    if (listener != null) {
      listener.taken(valid::get);
    }
  }

  /** The term is over; the replica is not told yet, and can know. */
  synchronized void runOut() {
    had = false;
    if (term != null) {
      term.set(false);
    }
  }

  /** The term is over, and the replica is told. */
  void lose() {
    lose("the lease was taken away");
  }

  /** The same, for a reason. */
  synchronized void lose(String reason) {
    runOut();
    if (listener != null) {
      listener.lost(reason);
    }
  }

  /** Whether it is still wanted. */
  synchronized boolean isCompeting() {
    return listener != null;
  }

  @Override
  public synchronized void close() {
    runOut();
    listener = null;
  }
}
