package io.kubekv.k8s.log;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much may be written before the next snapshot: no slot is used again whose entry is not in
 * one. Thread-safe.
 */
final class Room {
  /** After how long to look again when there is none. */
  static final Duration PAUSE = Duration.ofMillis(50);

  /** How long an entry waits for a snapshot that is being written. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Of base64 in all slots together, above the snapshot. */
  private static final long MOST_BYTES = 256L << 20;

  private final Executor threads;
  private final AtomicLong trimmed = new AtomicLong();
  private CompletableFuture<Void> changed = new CompletableFuture<>();

  Room(Executor threads) {
    this.threads = threads;
  }

  /** Up to which position entries are in a snapshot, as far as is known here. */
  long trimmed() {
    return trimmed.get();
  }

  /** A snapshot stands. */
  void trimmed(long position) {
    trimmed.accumulateAndGet(position, Math::max);
    synchronized (this) {
      changed.complete(null);
      changed = new CompletableFuture<>();
    }
  }

  /** Whether the slot of a position is free, and there are not too many bytes. */
  boolean isFor(long position, Ring ring) {
    return position - ring.size() <= trimmed()
        && (ring.newest() <= trimmed()
            || ring.bytes() < MOST_BYTES // which is known without a look at each slot
            || ring.bytesAfter(trimmed()) < MOST_BYTES);
  }

  /** Whether it gets scarce, so that a snapshot should be quick. */
  boolean isScarce(Ring ring) {
    return (ring.newest() - trimmed()) * 4 > ring.size() * 3L;
  }

  /** Completes after this long, whether there is room or not. */
  CompletableFuture<Void> pause(Duration length) {
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, length.toNanos(), TimeUnit.NANOSECONDS)
        .thenApplyAsync(unused -> null, threads);
  }

  Patience patience() {
    return new Patience(System.nanoTime() + PATIENCE.toNanos());
  }

  /** How long one entry waits. */
  final class Patience {
    private final long endNanos;

    private Patience(long endNanos) {
      this.endNanos = endNanos;
    }

    boolean isOver() {
      return endNanos - System.nanoTime() <= 0;
    }

    /** Completes when a snapshot stands, or this is over. */
    CompletableFuture<Void> awaitRoom() {
      CompletableFuture<Void> next;
      synchronized (Room.this) {
        next = changed.copy();
      }
      return next.completeOnTimeout(
              null, Math.max(1, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS)
          .thenApplyAsync(unused -> null, threads);
    }
  }
}
