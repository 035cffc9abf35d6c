package io.kubekv.etcd;

import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Optional;

/** Whether etcd answers, and how those wait who need it to. Thread-safe. */
final class Health {
  private static final Duration PAUSE = Duration.ofMillis(50);

  /**
   * A request of which it does not matter whether it happens twice.
   *
   * @param <T> the answer
   */
  interface Request<T> {
    T send(Deadline deadline) throws EtcdFailure;
  }

  private final Index index;
  private final Duration requestTimeout;
  private volatile Optional<String> trouble = Optional.of("not connected to etcd yet");

  Health(Index index, Duration requestTimeout) {
    this.index = index;
    this.requestTimeout = requestTimeout;
  }

  void well() {
    if (trouble.isPresent()) {
      trouble = Optional.empty();
      index.wake();
    }
  }

  void ill(String reason) {
    trouble = Optional.of(reason);
  }

  boolean isReady() {
    return trouble.isEmpty() && index.isLoaded() && !index.isClosed();
  }

  /** Why the store is not ready, in words for an operator. */
  String reason() {
    if (index.isClosed()) {
      return "the store is closed";
    }
    return trouble.orElse("reading the store from etcd");
  }

  void awaitReady(Deadline deadline) {
    if (isReady()) {
      return;
    }
    try {
      if (!index.isClosed() && index.await(this::isReady, deadline)) {
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for etcd");
    }
    throw new UnavailableException(reason());
  }

  /** Asks until there is an answer or the deadline has passed. */
  <T> T asking(Deadline deadline, Request<T> request) {
    while (true) {
      if (index.isClosed()) {
        throw new UnavailableException("the store is closed");
      }
      try {
        return request.send(deadline.butWithin(requestTimeout));
      } catch (EtcdFailure failed) {
        boolean again = failed.kind() == EtcdFailure.Kind.UNKNOWN && !deadline.passed();
        if (!again || !pause(deadline)) {
          throw failed.asNotApplied();
        }
      }
    }
  }

  /** Waits a moment; whether it is worth to go on. */
  boolean pause(Deadline deadline) {
    return Threads.pause(PAUSE) && !deadline.passed() && !index.isClosed();
  }
}
