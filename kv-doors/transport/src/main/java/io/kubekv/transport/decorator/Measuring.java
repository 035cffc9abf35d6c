package io.kubekv.transport.decorator;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.OverloadedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.ToLongFunction;

/**
 * How long large findings are in their answer, which takes a processor for tens of milliseconds
 * each: a crowd of those who want to know must not have all processors. Thread-safe.
 */
final class Measuring {
  private static final Semaphore ONE_AT_A_TIME = new Semaphore(1, true);

  /** So much is measured before others may go on. */
  private static final long TURN_BYTES = 64 << 10;

  private static final Duration RETRY = Duration.ofSeconds(1);

  private Measuring() {}

  /**
   * The bytes of all keys and values. Blocks while others measure.
   *
   * @param written how many bytes a value is in the answer
   * @throws OverloadedException when the thread is interrupted meanwhile
   */
  @SuppressWarnings("ThreadPriorityCheck") // others of this processor have their turn
  static long sum(List<Entry> entries, ToLongFunction<Bytes> written) {
    try {
      ONE_AT_A_TIME.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OverloadedException("the request has no time left; ask again later", RETRY);
    }
    try {
      long bytes = 0;
      long turn = 0;
      for (Entry entry : entries) {
        bytes += entry.key().size() + entry.metadata().content().size();
        bytes += written.applyAsLong(entry.value());
        turn += entry.value().size();
        if (turn > TURN_BYTES) {
          turn = 0;
          Thread.yield();
        }
      }
      return bytes;
    } finally {
      ONE_AT_A_TIME.release();
    }
  }
}
