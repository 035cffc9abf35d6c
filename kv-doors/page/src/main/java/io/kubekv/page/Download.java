package io.kubekv.page;

import io.kubekv.transport.http.Payload;
import io.kubekv.transport.http.ResponseStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A file on its way to a browser. What is written waits until the browser has taken what was
 * before, so of a file of any size there are some pieces in memory. Used by one thread, which it
 * blocks; {@link #over} may be called by any.
 */
final class Download extends OutputStream {
  private static final int PIECE = 32 << 10;

  /** So much may wait to be taken. */
  private static final int UNSENT = 64 << 10;

  /** A browser that takes less than a piece in so long is left. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Semaphore news = new Semaphore(0);
  private final byte[] piece = new byte[PIECE];
  private int filled;
  private volatile boolean over;

  /** Where it goes. */
  interface Way {
    ResponseStream open(Runnable over);
  }

  private final ResponseStream to;

  /**
   * @param way begins the answer; is told by what to say that the answer is over
   */
  Download(Way way) {
    to = way.open(this::over);
    to.whenTaken(news::release);
  }

  /** Nobody takes anything more. */
  private void over() {
    over = true;
    news.release();
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int more = Math.min(length - done, PIECE - filled);
      System.arraycopy(bytes, from + done, piece, filled, more);
      done += more;
      filled += more;
      if (filled == PIECE) {
        send();
      }
    }
  }

  private void send() throws IOException {
    if (!to.write(rest())) {
      throw new IOException("the browser has gone");
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (to.waiting() >= UNSENT && !over) {
      awaitNews(end - System.nanoTime());
    }
  }

  private Payload rest() {
    Payload rest = Payload.of(Arrays.copyOf(piece, filled));
    filled = 0;
    return rest;
  }

  private void awaitNews(long nanos) throws IOException {
    try {
      if (!news.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        throw new IOException("the browser takes too little");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** It is whole. */
  void finish() {
    to.end(rest());
  }

  /** It ends here, and the browser sees that it is not whole. */
  void breakOff() {
    to.cut();
  }
}
