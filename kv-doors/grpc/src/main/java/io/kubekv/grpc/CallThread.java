package io.kubekv.grpc;

import io.grpc.Context;

/**
 * Interrupts the thread that serves a call when the call is cancelled or out of time: the store
 * then stops waiting. Entered and closed by that thread.
 */
final class CallThread implements Context.CancellationListener, AutoCloseable {
  private final Context context = Context.current();
  private final Thread thread = Thread.currentThread();
  private boolean over;

  private CallThread() {}

  static CallThread enter() {
    CallThread entered = new CallThread();
    entered.context.addListener(entered, Runnable::run);
    return entered;
  }

  @Override
  public synchronized void cancelled(Context cancelled) {
    if (!over) {
      thread.interrupt();
    }
  }

  /** From here on the thread is not interrupted; an interrupt that has come is forgotten. */
  @Override
  public void close() {
    context.removeListener(this);
    synchronized (this) {
      over = true;
    }
    Thread.interrupted();
  }
}
