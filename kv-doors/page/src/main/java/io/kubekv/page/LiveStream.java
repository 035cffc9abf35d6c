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
  private final Place seen;
  private final BlockingQueue<Placed> waiting = new ArrayBlockingQueue<>(WAITING);
  private final AtomicLong skipped = new AtomicLong();
  private Place told = Place.START;
  private volatile boolean missed;
  private volatile boolean over;
  private volatile boolean lost;
  private volatile @Nullable Runnable watch;
  private volatile @Nullable Thread thread;

  /** A change, and where a browser is that has seen it. */
  record Placed(Change change, Place place) {}

  /**
   * @param seen what the browser has seen already, which is not sent again
   */
  LiveStream(Range range, Place seen) {
    this.range = range;
    this.seen = seen;
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

  /** Changes before those that are sent may have been missed: the browser is told so first. */
  void missed() {
    missed = true;
  }

  @Override
  public boolean deliver(Occurrence occurrence) {
    Change.each(occurrence.event(), range, this::add);
    return !over;
  }

  /** The latest are kept: what is now counts more than what was before. */
  private void add(Change change) {
    told = told.after(change);
    if (seen.hasSeen(told)) {
      return;
    }
    Placed placed = new Placed(change, told);
    while (!waiting.offer(placed)) {
      if (waiting.poll() != null) {
        skipped.incrementAndGet();
      }
    }
  }

  /** Those that are not sent yet. */
  List<Change> waiting() {
    return waiting.stream().map(Placed::change).toList();
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
      boolean goesOn = to.write(Payload.utf8("retry: 1000\n\n" + (missed ? rows.lost() : "")));
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
    Placed first = waiting.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
    if (first == null) {
      return to.write(Payload.utf8(": nothing has changed\n\n"));
    }
    List<Placed> changes = new ArrayList<>(List.of(first));
    waiting.drainTo(changes, AT_ONCE - 1);
    boolean taken = to.write(Payload.utf8(rows.of(changes, skipped.getAndSet(0))));
    if (taken) {
      Thread.sleep(PAUSE); // for what comes together
    }
    return taken;
  }
}
