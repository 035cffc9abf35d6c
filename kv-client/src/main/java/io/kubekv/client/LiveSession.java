package io.kubekv.client;

import io.kubekv.Await;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A session that is renewed in the background, every third of its time to live, until it is closed
 * or {@link #lost}. When no renewal has been answered for its time to live, it counts as lost: from
 * then on nobody can say that it lives. Thread-safe.
 */
public final class LiveSession implements AutoCloseable {
  private static final int RENEWALS = 3;
  private static final int TRIES = 30;

  private final Sessions sessions;
  private final Retries retries;
  private final SessionSpec spec;
  private final Duration timeToLive;
  private final Duration patience;
  private final Consumer<LiveSession> onEnd;
  private final CompletableFuture<Loss> lost = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private long sureNanos;

  /**
   * @param patience how long its creation, and its end, may take
   * @param onEnd told when it is renewed no more
   */
  LiveSession(
      Sessions sessions,
      Retries retries,
      SessionSpec spec,
      Duration patience,
      Consumer<LiveSession> onEnd) {
    this.sessions = sessions;
    this.retries = retries;
    this.spec = spec;
    this.timeToLive = spec.timeToLive().orElseThrow(() -> endless(spec));
    this.patience = patience;
    this.onEnd = onEnd;
  }

  private static IllegalArgumentException endless(SessionSpec spec) {
    return new IllegalArgumentException(
        "session " + spec.id() + " has no time to live and so needs no renewals: give it one");
  }

  /** Creates it, and renews it from then on. */
  void begin() {
    sureNanos = System.nanoTime();
    retries.within(patience, () -> Await.change(sessions.create(spec)));
    Thread.ofVirtual().name("session " + spec.id()).start(this::renewUntilTheEnd);
  }

  public SessionId id() {
    return spec.id();
  }

  /** Whether it was neither closed nor lost, as far as is known here. */
  public boolean isAlive() {
    return closed.getCount() > 0 && !lost.isDone();
  }

  /**
   * Completed when the session is lost; at once when it was. Never completed when it is closed. A
   * function that follows may block.
   */
  public CompletionStage<Loss> lost() {
    return lost.thenApplyAsync(loss -> loss, Thread::startVirtualThread);
  }

  /**
   * Ends the session: its keys are released or deleted. Does not fail: when the server cannot be
   * reached, the session ends by its time to live. May be repeated.
   */
  @Override
  public void close() {
    boolean first = closed.getCount() > 0;
    abandon();
    if (!first) {
      return;
    }
    try {
      retries.within(patience, () -> Await.change(sessions.destroy(spec.id())));
    } catch (StoreException unreachable) {
      // its time to live ends it
    }
  }

  /** Renews it no more. */
  void abandon() {
    closed.countDown();
    onEnd.accept(this);
  }

  private void renewUntilTheEnd() {
    Duration pause = timeToLive.dividedBy(RENEWALS);
    try {
      while (!lost.isDone() && !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        pause = timeToLive.dividedBy(renewed() ? RENEWALS : TRIES);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    onEnd.accept(this);
  }

  /** Whether it was; loses the session when it is gone, or was not renewed for too long. */
  private boolean renewed() {
    long asked = System.nanoTime();
    try {
      if (retries.within(left(asked), () -> Await.change(sessions.renew(spec.id()))).isPresent()) {
        sureNanos = asked;
        return true;
      }
      lose(Loss.Reason.SESSION_ENDED, "the server has no such session");
    } catch (RuntimeException failure) {
      if (left(System.nanoTime()).isZero()) {
        lose(Loss.Reason.UNKNOWN, "not renewed for " + timeToLive + ": " + failure.getMessage());
      }
    }
    return false;
  }

  private void lose(Loss.Reason reason, String message) {
    if (closed.getCount() > 0) {
      lost.complete(new Loss(reason, message));
    }
  }

  /** How long it surely lives without another renewal. */
  private Duration left(long now) {
    Duration left = timeToLive.minusNanos(now - sureNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
