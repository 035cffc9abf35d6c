package io.kubekv.server.replica;

import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls where they can be answered: here when this replica is active, otherwise at the holder
 * of the lease. What was certainly not applied is tried again, here or there, as long as the
 * caller's patience lasts; what may have been is not. Thread-safe.
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

  /** Whether the current call is answered here, without being forwarded. Never blocks. */
  boolean isHere() {
    return local.isActive()
        && Forwarded.shown().filter(shown -> shown.isAfter(local.shown())).isEmpty();
  }

  /**
   * Who is to be asked instead of this replica, without waiting for anybody; counted as forwarded.
   * Nobody, where a question may be answered here, or has been passed on already.
   */
  Optional<? extends KeyValueStore> holderElsewhere() {
    if (closed || local.isActive() || Forwarded.shown().isPresent()) {
      return Optional.empty();
    }
    Optional<? extends KeyValueStore> holder = elsewhere.holder();
    holder.ifPresent(asked -> forwarded.incrementAndGet());
    return holder;
  }

  /** Asks a question. */
  <T> T ask(Function<KeyValueStore, T> call) {
    return Forwarded.shown().isPresent() ? here(call) : anywhere(call, waits.nanoTime());
  }

  /**
   * Makes a change. When it was made elsewhere, its revision is shown here before this returns, so
   * that who made it finds it here, too; unless nobody announces it in time.
   */
  <T> T change(Function<KeyValueStore, T> call, Function<T, Optional<Revision>> revision) {
    long begun = waits.nanoTime();
    if (Forwarded.shown().isPresent()) {
      return here(call);
    }
    T outcome = anywhere(call, begun);
    revision.apply(outcome).ifPresent(at -> awaitShown(at, left(begun)));
    return outcome;
  }

  /** Waits until a revision is shown here; false when it was not within the patience of a call. */
  boolean awaitShown(Revision revision) {
    return awaitShown(revision, patience);
  }

  /** Another replica has passed the call on: it is answered here, or not at all. */
  private <T> T here(Function<KeyValueStore, T> call) {
    Revision shown = Forwarded.shown().orElse(Revision.ZERO);
    boolean reached = awaitShown(shown, local.isActive() ? patience : Duration.ZERO);
    if (!local.isActive() || !reached) {
      throw new UnavailableException(
          "this replica does not hold the lease: nothing was done, and nothing is forwarded again");
    }
    return call.apply(store);
  }

  private <T> T anywhere(Function<KeyValueStore, T> call, long begun) {
    while (true) {
      requireOpen();
      try {
        if (local.isActive()) {
          return call.apply(store);
        }
        KeyValueStore holder = elsewhere.holder().orElseThrow(this::noHolder);
        forwarded.incrementAndGet();
        return call.apply(holder);
      } catch (UnavailableException notDone) {
        if (left(begun).compareTo(PAUSE) <= 0) {
          throw notDone;
        }
        pauseOrThrow(notDone);
      }
    }
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
  private boolean awaitShown(Revision revision, Duration atMost) {
    try {
      boolean shown = local.awaitShown(revision, atMost.isNegative() ? Duration.ZERO : atMost);
      if (!shown) {
        log.debug("revision {} is not shown here within {}", revision, atMost);
      }
      return shown;
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
