package io.kubekv.server.cli;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A key that a session of its own holds, or waits for. Two threads look after it: one renews the
 * session, one watches the key; whichever finds first that the key is not held any more says so in
 * {@link #lost}. {@link #close} ends the session, which frees the key.
 */
final class HeldKey implements AutoCloseable {
  /** How long to wait before something that failed, or is delayed, is tried again. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** How long one look at the watch takes before the session's state is looked at, too. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final KeyValueStore store;
  private final Key key;
  private final SessionSpec session;
  private final Duration timeToLive;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<String> lost = new CompletableFuture<>();

  private HeldKey(KeyValueStore store, Key key, SessionSpec session, Duration timeToLive) {
    this.store = store;
    this.key = key;
    this.session = session;
    this.timeToLive = timeToLive;
  }

  /** Begins the session. Nothing is held yet. */
  static HeldKey begin(KeyValueStore store, Key key, SessionSpec session, Duration timeToLive) {
    HeldKey held = new HeldKey(store, key, session.withTimeToLive(timeToLive), timeToLive);
    long begun = System.nanoTime();
    var unused = store.sessions().create(held.session);
    Thread.ofVirtual().name("renew").start(() -> held.renew(begun));
    return held;
  }

  /** Completed with the reason when the key is not held any more, or cannot be. */
  CompletableFuture<String> lost() {
    return lost;
  }

  /**
   * Acquires the key, waiting for its holder.
   *
   * @param value what its value is to be; absent: it stays, or is empty
   * @return the fencing token, empty when the time was over before
   */
  Optional<Revision> acquire(Optional<Bytes> value, Optional<Duration> atMost)
      throws InterruptedException {
    long begun = System.nanoTime();
    while (!lost.isDone()) {
      Optional<Revision> token = attempt(value, left(begun, atMost));
      if (token.isPresent()) {
        Revision from = token.get().next();
        Thread.ofVirtual().name("watch").start(() -> watch(from));
        return token;
      }
      if (!left(begun, atMost).isPositive()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Duration left(long begun, Optional<Duration> atMost) {
    return atMost
        .map(time -> time.minusNanos(System.nanoTime() - begun))
        .orElse(Duration.ofDays(1));
  }

  /** One try; when it fails, returns after there is a reason for the next, or the time is over. */
  private Optional<Revision> attempt(Optional<Bytes> value, Duration left)
      throws InterruptedException {
    try {
      Optional<Entry> before = store.get(key, Freshness.LINEARIZABLE).entry();
      Optional<Revision> token = before.flatMap(this::ours);
      if (token.isPresent()) {
        return token;
      }
      return switch (store.put(request(before, value))) {
        case PutOutcome.Stored stored -> ours(stored.entry());
        case Refused refused -> {
          awaitChance(refused, left);
          yield Optional.empty();
        }
      };
    } catch (StoreException failure) {
      if (failure.advice() == StoreException.Advice.DO_NOT_RETRY) {
        throw failure;
      }
      pause(left);
      return Optional.empty();
    }
  }

  private Optional<Revision> ours(Entry entry) {
    return entry.lock().isHeldBy(session.id()) ? entry.lock().acquireRevision() : Optional.empty();
  }

  private PutRequest request(Optional<Entry> before, Optional<Bytes> value) {
    if (before.isPresent() && before.get().isDirectory()) {
      throw new IllegalArgumentException(key + " is a directory, which cannot be locked");
    }
    Bytes kept = before.map(Entry::value).orElse(Bytes.EMPTY);
    return PutRequest.of(key, value.orElse(kept))
        .withFlags(before.map(Entry::flags).orElse(0L))
        .withLocking(new Locking.Acquire(session.id()))
        .withPrecondition(
            before
                .<Precondition>map(entry -> new Precondition.RevisionIs(entry.modifyRevision()))
                .orElse(Precondition.ABSENT));
  }

  private void awaitChance(Refused refused, Duration left) throws InterruptedException {
    switch (refused.reason()) {
      case HELD -> awaitFree(refused.revision().next(), left);
      case LOCK_DELAYED -> pause(left);
      case NO_SESSION -> lost.complete("its session ended");
      default -> {} // the entry has changed in between
    }
  }

  private void awaitFree(Revision from, Duration left) throws InterruptedException {
    long begun = System.nanoTime();
    try (Watch watch = store.watch(WatchRequest.from(new Range.Exact(key), from))) {
      for (Duration now = left;
          now.isPositive() && !lost.isDone();
          now = left.minusNanos(System.nanoTime() - begun)) {
        Optional<WatchEvent> event = watch.next(now.compareTo(LOOK) < 0 ? now : LOOK);
        if (event.isPresent() && !isStillHeld(event.get())) {
          return;
        }
      }
    }
  }

  private static boolean isStillHeld(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put -> put.entry().lock().holder().isPresent();
      case WatchEvent.Delete delete -> false;
      case WatchEvent.Progress progress -> true;
      case WatchEvent.HistoryGone gone -> false;
    };
  }

  private void pause(Duration atMost) throws InterruptedException {
    boolean unused = closed.await(shorter(PAUSE, atMost).toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Renews until closed. The session lives for its time after the last renewal that was sent. */
  private void renew(long begun) {
    long renewed = begun;
    Duration interval = timeToLive.dividedBy(3);
    try {
      while (!closed.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        long now = System.nanoTime();
        try {
          if (store.sessions().renew(session.id()).isEmpty()) {
            lost.complete("its session ended");
            return;
          }
          renewed = now;
          interval = timeToLive.dividedBy(3);
        } catch (StoreException failure) {
          interval = shorter(PAUSE, interval);
          if (System.nanoTime() - renewed > timeToLive.toNanos()) {
            lost.complete("its session could not be renewed: " + failure.getMessage());
            return;
          }
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Watches the key until it is lost; while the server cannot be reached, the renewals decide. */
  private void watch(Revision from) {
    Revision next = from;
    try {
      while (closed.getCount() > 0 && !lost.isDone()) {
        try (Watch watch = store.watch(WatchRequest.from(new Range.Exact(key), next))) {
          next = follow(watch, next);
        } catch (StoreException failure) {
          pause(PAUSE);
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Revision follow(Watch watch, Revision from) throws InterruptedException {
    Revision next = from;
    while (closed.getCount() > 0 && !lost.isDone()) {
      Optional<WatchEvent> event = watch.next(LOOK);
      if (event.isEmpty()) {
        continue;
      }
      next = Revision.max(next, event.get().revision().next());
      switch (event.get()) {
        case WatchEvent.Put put -> check(Optional.of(put.entry()));
        case WatchEvent.Delete delete -> check(Optional.empty());
        case WatchEvent.Progress progress -> {}
        case WatchEvent.HistoryGone gone -> {
          check(store.get(key, Freshness.LINEARIZABLE).entry());
          return gone.revision();
        }
      }
    }
    return next;
  }

  private void check(Optional<Entry> now) {
    if (now.isEmpty()) {
      lost.complete("the key was deleted");
    } else if (!now.get().lock().isHeldBy(session.id())) {
      lost.complete("the key was released, or taken by another session");
    }
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** When the server cannot be reached, the session ends by itself after its time. */
  @Override
  public void close() {
    closed.countDown();
    boolean unused = store.sessions().destroy(session.id());
  }
}
