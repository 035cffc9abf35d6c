package io.kubekv.grpc;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.kubekv.transport.grpc.Resets;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A stream to a client, written by one thread at the client's pace: what is not read yet stays with
 * the writer, and at most one message more than gRPC's own buffer (32 KiB) waits to be sent. Made
 * before the service method returns.
 */
final class Outlet<T> {
  /** For how long a client may read nothing while others wait for the memory. */
  private static final Duration HURRY = Duration.ofSeconds(2);

  private final ServerCallStreamObserver<T> client;
  private final BooleanSupplier isWaitedFor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Runnable whenOver = () -> {};
  private boolean over;

  /**
   * @param isWaitedFor whether others wait for the memory of what is sent in parts
   */
  Outlet(ServerCallStreamObserver<T> client, BooleanSupplier isWaitedFor) {
    this.client = client;
    this.isWaitedFor = isWaitedFor;
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

  /**
   * As {@link #send}, of a part of something that stays in memory until all is sent. A client that
   * reads nothing for a while is cut off when others wait for that memory.
   */
  boolean sendPart(T message) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!over && !client.isReady() && !isTooSlow()) {}
      if (over) {
        return false;
      }
      if (client.isReady()) {
        client.onNext(message);
        return true;
      }
      Resets.reset(client);
    } finally {
      lock.unlock();
    }
    finish();
    return false;
  }

  /** Waits a while; whether the client has read nothing and others wait. */
  @SuppressWarnings("WaitNotInLoop") // its callers look again
  private boolean isTooSlow() throws InterruptedException {
    return changed.awaitNanos(HURRY.toNanos()) <= 0 && isWaitedFor.getAsBoolean();
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
