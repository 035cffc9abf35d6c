package io.kubekv.replica;

import io.kubekv.Await;
import io.kubekv.KeyValueStore;
import io.kubekv.Promise;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.transport.threads.RequestThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls where they can be answered: here when this replica is active, otherwise at the holder
 * of the lease. What was certainly not applied is tried again, here or there, as long as the
 * caller's patience lasts; what may have been is not. The first try needs no thread; what has to
 * wait for the next one, or for a revision to be shown here, has one of its own. Thread-safe.
 */
final class Forwarding {
  /** Where the lease is, when it is not here. */
  interface Elsewhere {
    /** The way to the holder; empty when nobody is known to hold the lease. */
    Optional<? extends KeyValueStore> holder();

    /** Why there is none, or why it may not answer. */
    String problem();
  }

  /** How time passes between tries. */
  interface Waits {
    Waits REAL =
        new Waits() {
          @Override
          public long nanoTime() {
            return System.nanoTime();
          }

          @Override
          public void pause(Duration time) throws InterruptedException {
            Thread.sleep(time);
          }
        };

    long nanoTime();

    void pause(Duration time) throws InterruptedException;
  }

  /** What is to come here before a change is answered that was made elsewhere. */
  interface Arrival {
    /** Whether it came. */
    boolean await(Duration atMost) throws InterruptedException;
  }

  private static final Logger log = LoggerFactory.getLogger(Forwarding.class);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final KeyValueStore store;
  private final LocalReplica local;
  private final Elsewhere elsewhere;
  private final Duration patience;
  private final Waits waits;
  private final AtomicLong forwarded = new AtomicLong();
  private volatile boolean closed;

  /**
   * @param store this process's own
   */
  Forwarding(
      KeyValueStore store,
      LocalReplica local,
      Elsewhere elsewhere,
      Duration patience,
      Waits waits) {
    this.store = store;
    this.local = local;
    this.elsewhere = elsewhere;
    this.patience = patience;
    this.waits = waits;
  }

  /** How many calls were sent to a holder, tries counted. */
  long forwarded() {
    return forwarded.get();
  }

  /** Asks a question, or makes a change that is of no interest here. */
  <T> CompletableFuture<T> ask(Function<KeyValueStore, CompletableFuture<T>> call) {
    Optional<Revision> shown = Forwarded.shown();
    return shown.isPresent()
        ? here(call, shown.get())
        : anywhere(call, waits.nanoTime(), new AtomicBoolean());
  }

  /**
   * Makes a change. When it was made elsewhere, its revision is shown here before it is answered,
   * so that who made it finds it here, too; unless nobody announces it in time.
   */
  <T> CompletableFuture<T> change(
      Function<KeyValueStore, CompletableFuture<T>> call,
      Function<T, Optional<Revision>> revision) {
    return changeThatArrives(
        call,
        outcome ->
            revision
                .apply(outcome)
                .filter(at -> at.isAfter(local.shown()))
                .map(at -> atMost -> local.awaitShown(at, atMost)));
  }

  /**
   * The same.
   *
   * @param arrival empty when it has come already, or nothing is to
   */
  <T> CompletableFuture<T> changeThatArrives(
      Function<KeyValueStore, CompletableFuture<T>> call, Function<T, Optional<Arrival>> arrival) {
    long begun = waits.nanoTime();
    Optional<Revision> shown = Forwarded.shown();
    if (shown.isPresent()) {
      return here(call, shown.get());
    }
    AtomicBoolean madeElsewhere = new AtomicBoolean();
    return anywhere(call, begun, madeElsewhere)
        .thenCompose(
            outcome ->
                arrival
                    .apply(outcome)
                    .filter(coming -> madeElsewhere.get())
                    .map(coming -> RequestThreads.call(() -> await(coming, left(begun))))
                    .map(come -> come.thenApply(whetherOrNot -> outcome))
                    .orElseGet(() -> CompletableFuture.completedFuture(outcome)));
  }

  /** Waits until a revision is shown here; false when it was not within the patience of a call. */
  boolean awaitShown(Revision revision) {
    return awaitShown(revision, patience);
  }

  private boolean awaitShown(Revision revision, Duration atMost) {
    return await(limit -> local.awaitShown(revision, limit), atMost);
  }

  /** Another replica has passed the call on: it is answered here, or not at all. */
  private <T> CompletableFuture<T> here(
      Function<KeyValueStore, CompletableFuture<T>> call, Revision shown) {
    return local.isActive() && !shown.isAfter(local.shown())
        ? Promise.of(() -> call.apply(store))
        : RequestThreads.after(() -> requireHere(shown), () -> call.apply(store));
  }

  private void requireHere(Revision shown) {
    boolean reached = awaitShown(shown, local.isActive() ? patience : Duration.ZERO);
    if (!local.isActive() || !reached) {
      throw new UnavailableException(
          "this replica does not hold the lease: nothing was done, and nothing is forwarded again");
    }
  }

  /**
   * @param sent becomes true when the call goes to another replica
   */
  private <T> CompletableFuture<T> anywhere(
      Function<KeyValueStore, CompletableFuture<T>> call, long begun, AtomicBoolean sent) {
    CompletableFuture<T> first = Promise.of(() -> attempt(call, sent));
    if (first.isDone() && !first.isCompletedExceptionally()) {
      return first;
    }
    Executor threads = RequestThreads.executor();
    return first.exceptionallyCompose(
        failure ->
            isWorthATry(failure, begun)
                ? CompletableFuture.supplyAsync(
                    () -> again(call, begun, (UnavailableException) Await.cause(failure), sent),
                    threads)
                : CompletableFuture.failedFuture(failure));
  }

  private <T> CompletableFuture<T> attempt(
      Function<KeyValueStore, CompletableFuture<T>> call, AtomicBoolean sent) {
    requireOpen();
    if (local.isActive()) {
      return call.apply(store);
    }
    KeyValueStore holder = elsewhere.holder().orElseThrow(this::noHolder);
    forwarded.incrementAndGet();
    sent.set(true);
    return call.apply(holder);
  }

  private boolean isWorthATry(Throwable failure, long begun) {
    return Await.cause(failure) instanceof UnavailableException passing
        && passing.advice() == StoreException.Advice.RETRY
        && left(begun).compareTo(PAUSE) > 0;
  }

  /** Tries until it is done, or is not worth a try. */
  private <T> T again(
      Function<KeyValueStore, CompletableFuture<T>> call,
      long begun,
      UnavailableException first,
      AtomicBoolean sent) {
    UnavailableException notDone = first;
    do {
      pauseOrThrow(notDone);
      try {
        return Await.change(attempt(call, sent));
      } catch (UnavailableException failure) {
        notDone = failure;
      }
    } while (isWorthATry(notDone, begun));
    throw notDone;
  }

  /** Sends nothing any more. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  private void requireOpen() {
    if (closed) {
      throw new UnavailableException("the store is closed");
    }
  }

  private UnavailableException noHolder() {
    String here = store.status().reason();
    return new UnavailableException(
        "the store is not active here"
            + (here.isEmpty() ? "" : " (" + here + ")")
            + ", and "
            + elsewhere.problem()
            + "; nothing was done");
  }

  private Duration left(long begun) {
    return patience.minusNanos(waits.nanoTime() - begun);
  }

  /** Fails never: what was done elsewhere stays done, whatever becomes of this process. */
  private static boolean await(Arrival arrival, Duration atMost) {
    try {
      boolean come = arrival.await(atMost.isNegative() ? Duration.ZERO : atMost);
      if (!come) {
        log.debug("what was changed elsewhere is not known here within {}", atMost);
      }
      return come;
    } catch (UnavailableException here) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void pauseOrThrow(UnavailableException failure) {
    try {
      waits.pause(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
