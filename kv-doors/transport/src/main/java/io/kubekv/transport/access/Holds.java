package io.kubekv.transport.access;

import io.kubekv.StoreException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rights in use by what is open for long. They are looked at again and again, all at the same
 * time, since each may have to be asked for; what cannot be decided at the moment stays.
 * Thread-safe.
 */
final class Holds implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Holds.class);

  private final Set<Held> open = ConcurrentHashMap.newKeySet();
  private final Executor threads;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kubekv-revocation").factory());

  /** Whether the last look failed; the timer's thread's alone. */
  private boolean failing;

  /**
   * @param threads virtual ones; not taken over
   */
  Holds(Executor threads) {
    this.threads = threads;
  }

  /** One use of a right; no two are equal. */
  private final class Held implements Access.Hold {
    private final BooleanSupplier allowed;
    private final Runnable revoked;

    Held(BooleanSupplier allowed, Runnable revoked) {
      this.allowed = allowed;
      this.revoked = revoked;
    }

    @Override
    public void close() {
      open.remove(this);
    }
  }

  /** Looks as often as this. */
  void every(Duration pause) {
    var unused =
        looking.scheduleWithFixedDelay(
            this::lookAgain, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whatever becomes of one look, the next one comes. */
  private void lookAgain() {
    try {
      look();
      failing = false;
    } catch (RuntimeException unexpected) {
      if (!failing) {
        log.error("rights in use could not be looked at; tried again", unexpected);
      }
      failing = true;
    }
  }

  Access.Hold add(BooleanSupplier allowed, Runnable revoked) {
    Held held = new Held(allowed, revoked);
    open.add(held);
    return held;
  }

  /** Ends the use of what is no longer allowed. Blocks until all have been looked at. */
  void look() {
    CompletableFuture<?>[] all =
        open.stream()
            .map(held -> CompletableFuture.runAsync(() -> look(held), threads))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(all).join();
  }

  private void look(Held held) {
    try {
      if (!held.allowed.getAsBoolean() && open.remove(held)) {
        held.revoked.run();
      }
    } catch (StoreException undecided) {
      log.debug("whether a right still stands cannot be decided", undecided);
    } catch (RuntimeException unexpected) {
      log.error("the end of a right could not be told", unexpected);
    }
  }

  int count() {
    return open.size();
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }
}
