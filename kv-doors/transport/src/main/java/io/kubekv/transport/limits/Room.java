package io.kubekv.transport.limits;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

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

  /** A listing may take so many times what there is, when nothing else is worked on. */
  private static final int ALONE = 2;

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
    this.units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.free = new Semaphore(units, true);
    this.patience = patience;
    this.hits = hits;
  }

  /** An eighth of the memory that the process may take. */
  static long eighthOfHeap() {
    return Runtime.getRuntime().maxMemory() / 8;
  }

  /** The most that one listing may have where it is answered in one piece. */
  public long largestListing() {
    return (long) UNIT * units * ALONE / COPIES_OF_LISTING;
  }

  /** Bytes that are taken, copies counted. */
  public long takenBytes() {
    return (long) UNIT * (units - free.availablePermits());
  }

  /** Whether somebody finds too little. */
  public boolean isWaitedFor() {
    return free.hasQueuedThreads();
  }

  /** A part that somebody has. Closing it again does nothing. */
  public static final class Part implements AutoCloseable {
    /** What is too small to count. */
    public static final Part NONE = new Part(new Semaphore(0), 0, Integer.MAX_VALUE);

    private final Semaphore room;
    private final AtomicInteger units;
    private final int all;

    private Part(Semaphore room, int units, int all) {
      this.room = room;
      this.units = new AtomicInteger(units);
      this.all = all;
    }

    /** Whether so much is kept that these bytes are counted here, or all that there is. */
    public boolean covers(long bytes) {
      int kept = units.get();
      return kept == all || kept >= units(bytes);
    }

    private static int units(long bytes) {
      return (int) Math.min(Integer.MAX_VALUE, (bytes + UNIT - 1) / UNIT);
    }

    /** Gives back what is more than these bytes: the work is done, and so much is left of it. */
    public void shrinkTo(long bytes) {
      int left = units(bytes);
      int before = units.getAndUpdate(now -> Math.min(now, left));
      if (before > left) {
        room.release(before - left);
      }
    }

    @Override
    public void close() {
      shrinkTo(0);
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

  /** Whether a listing of this size needs none, and neither do values that are written with it. */
  public static boolean isSmall(long listing, long values) {
    return isSmall(listing * COPIES_OF_LISTING + values * COPIES_OF_VALUE);
  }

  /** Room to answer with a listing of this size in one piece, as {@link #forValues}. */
  public Part forListing(long bytes) {
    return part(bytes, COPIES_OF_LISTING);
  }

  /** The same for values that are written by the same request. */
  public Part forListing(long bytes, long values) {
    return part(bytes * COPIES_OF_LISTING + values * COPIES_OF_VALUE, 1);
  }

  /** Room to answer piece by piece: what is not sent yet stays in memory, and is no copy. */
  public Part forPieces(long bytes, long values) {
    return part(bytes + values * COPIES_OF_VALUE, 1);
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
    return new Part(free, wanted, units);
  }

  /** What is larger than all there is may have all there is. */
  private int units(long bytes, int copies) {
    return (int) Math.min(units, Math.max(1, bytes * copies / UNIT));
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
