package io.kubekv.server.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A stream to a client, written by one thread at the client's pace: what is not read yet stays with
 * the writer, and at most one message more than gRPC's own buffer (32 KiB) waits to be sent. Made
 * before the service method returns.
 */
final class Outlet<T> {
  private final ServerCallStreamObserver<T> client;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Runnable whenOver = () -> {};
  private boolean over;

  Outlet(ServerCallStreamObserver<T> client) {
    this.client = client;
    client.setOnReadyHandler(this::ready);
    client.setOnCancelHandler(this::gone);
  }

  /** What to do, once, when the client has gone or the stream has ended; at once when it has. */
  void whenOver(Runnable action) {
    lock.lock();
    try {
      whenOver = action;
      if (!over) {
        return;
      }
    } finally {
      lock.unlock();
    }
    action.run();
  }

  /** Sends when the client has room for it, and waits until then; false when the stream is over. */
  boolean send(T message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!over && !client.isReady()) {
        changed.await();
      }
      if (!over) {
        client.onNext(message);
      }
      return !over;
    } finally {
      lock.unlock();
    }
  }

  boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream well; nothing when it is over. */
  void complete() {
    if (finish()) {
      client.onCompleted();
    }
  }

  /** Ends the stream with an error; nothing when it is over. */
  void fail(StatusRuntimeException status) {
    if (finish()) {
      client.onError(status);
    }
  }

  private void ready() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void gone() {
    finish();
  }

  /** Whether it was not over before. */
  private boolean finish() {
    Runnable action;
    lock.lock();
    try {
      if (over) {
        return false;
      }
      over = true;
      action = whenOver;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    action.run();
    return true;
  }
}
