package io.kubekv.server.limits;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The memory for what is made of large values and listings while they are worked on, all clients'
 * together: many times their own size. Whoever finds too little waits, in order. Thread-safe.
 */
public final class Room {
  /** What is smaller is not worth counting. */
  private static final long SMALL_BYTES = 32 << 10;

  /** Copies of a value, as bytes, texts and trees, from its request to its answer. */
  private static final int COPIES_OF_VALUE = 12;

  /** Copies of a listing, from its entries to its answer. */
  private static final int COPIES_OF_LISTING = 3;

  private static final int UNIT = 1 << 10;

  private final int units;
  private final Semaphore free;
  private final Duration patience;
  private final LimitHits hits;

  /**
   * @param bytes there are
   * @param patience how long anybody waits for some
   */
  Room(long bytes, Duration patience, LimitHits hits) {
    this.units = (int) Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(units, true);
    this.patience = patience;
    this.hits = hits;
  }

  /** An eighth of the memory that the process may take. */
  static long eighthOfHeap() {
    return Runtime.getRuntime().maxMemory() / 8;
  }

  /** Bytes that are taken, copies counted. */
  public long takenBytes() {
    return (long) UNIT * (units - free.availablePermits());
  }

  /** A part that somebody has. Closing it again does nothing. */
  public static final class Part implements AutoCloseable {
    /** What is too small to count. */
    public static final Part NONE = new Part(new Semaphore(0), 0);

    private final Semaphore room;
    private final int units;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Part(Semaphore room, int units) {
      this.room = room;
      this.units = units;
    }

    @Override
    public void close() {
      if (units > 0 && closed.compareAndSet(false, true)) {
        room.release(units);
      }
    }
  }

  /**
   * Room to write values of this size; may block.
   *
   * @throws OverLimitException when there was none for too long, or the thread is interrupted
   */
  public Part forValues(long bytes) {
    return part(bytes, COPIES_OF_VALUE);
  }

  /** Whether values of this size need no room. */
  public static boolean isSmall(long bytes) {
    return bytes <= SMALL_BYTES;
  }

  /** Room to answer with a listing of this size, as {@link #forValues}. */
  public Part forListing(long bytes) {
    return part(bytes, COPIES_OF_LISTING);
  }

  private Part part(long bytes, int copies) {
    if (isSmall(bytes)) {
      return Part.NONE;
    }
    int wanted = units(bytes, copies);
    if (!free.tryAcquire(wanted)) {
      hits.delayed(Limit.WORKING_BYTES);
      await(wanted);
    }
    return new Part(free, wanted);
  }

  /** What is larger than all there is may have all there is. */
  private int units(long bytes, int copies) {
    return (int) Math.min(units, bytes * copies / UNIT);
  }

  private void await(int wanted) {
    try {
      if (free.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    hits.refused(Limit.WORKING_BYTES);
    throw new OverLimitException(
        Limit.WORKING_BYTES,
        "too many large values and listings are being worked on here; ask again later");
  }
}
