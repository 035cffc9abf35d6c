package io.kubekv.page;

import io.kubekv.Range;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.http.ResponseStream;
import io.kubekv.transport.watch.Occurrence;
import io.kubekv.transport.watch.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Changes of a range on their way to one browser, as server-sent events. People read no more than
 * some a second: what comes faster is counted and not shown. A browser that takes nothing is cut
 * off.
 */
final class LiveStream implements Sink {
  /** Rows that wait to be sent. */
  static final int WAITING = 256;

  private static final int AT_ONCE = 50;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final Range range;
  private final LiveRows rows = new LiveRows();
  private final BlockingQueue<Change> waiting = new ArrayBlockingQueue<>(WAITING);
  private final AtomicLong skipped = new AtomicLong();
  private volatile boolean over;
  private volatile boolean lost;
  private volatile @Nullable Runnable watch;
  private volatile @Nullable Thread thread;

  LiveStream(Range range) {
    this.range = range;
  }

  /**
   * The watch has begun.
   *
   * @param end ends it
   */
  void opened(Runnable end) {
    watch = end;
    if (over) {
      end.run();
    }
  }

  @Override
  public boolean deliver(Occurrence occurrence) {
    Change.each(occurrence.event(), range, this::add);
    return !over;
  }

  /** The latest are kept: what is now counts more than what was before. */
  private void add(Change change) {
    while (!waiting.offer(change)) {
      if (waiting.poll() != null) {
        skipped.incrementAndGet();
      }
    }
  }

  /** Those that are not sent yet. */
  List<Change> waiting() {
    return List.copyOf(waiting);
  }

  @Override
  public void lost() {
    lost = true;
    wake();
  }

  /** Nobody is there any more, or shall be. May be repeated. */
  void end() {
    over = true;
    Runnable end = watch;
    if (end != null) {
      end.run();
    }
    wake();
  }

  private void wake() {
    Thread sending = thread;
    if (sending != null) {
      sending.interrupt();
    }
  }

  /** How many changes since the last that was sent are not shown. */
  long skipped() {
    return skipped.get();
  }

  /** Sends until it is over, on the caller's thread. */
  void send(ResponseStream to) {
    thread = Thread.currentThread();
    try {
      boolean goesOn = to.write(Payload.utf8("retry: 1000\n\n"));
      while (goesOn && !over && !lost) {
        goesOn = sendSome(to);
      }
    } catch (InterruptedException ended) {
      // nothing more is wanted, or nothing more comes
    } finally {
      to.end(Payload.utf8(lost && !over ? rows.lost() : ""));
      end();
    }
  }

  private boolean sendSome(ResponseStream to) throws InterruptedException {
    Change first = waiting.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    if (first == null) {
      return to.write(Payload.utf8(": nothing has changed\n\n"));
    }
    List<Change> changes = new ArrayList<>(List.of(first));
    waiting.drainTo(changes, AT_ONCE - 1);
    Change next = waiting.peek();
    boolean whole = next == null || !next.revision().equals(changes.getLast().revision());
    boolean taken = to.write(Payload.utf8(rows.of(changes, skipped.getAndSet(0), whole)));
    if (taken) {
      Thread.sleep(PAUSE); // for what comes together
    }
    return taken;
  }
}
