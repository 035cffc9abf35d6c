package io.kubekv.e2e.api;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** The watches that go through a proxy, and what is done to all of them. Thread-safe. */
final class OpenWatches {
  private final Set<HttpExchange> open = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean forgetful = new AtomicBoolean();
  private volatile CountDownLatch thaw = new CountDownLatch(0);

  void opened(HttpExchange watch) {
    open.add(watch);
  }

  void closed(HttpExchange watch) {
    open.remove(watch);
  }

  void cut() {
    open.forEach(HttpExchange::close);
    open.clear();
  }

  /** Cuts all; the next one is to be told that its revision is too old. */
  void forget() {
    forgetful.set(true);
    cut();
  }

  /** Whether the watch that begins now is to be told so; only one is. */
  boolean isForgotten() {
    return forgetful.getAndSet(false);
  }

  void freeze() {
    thaw = new CountDownLatch(1);
  }

  void thaw() {
    thaw.countDown();
  }

  /** Writes a piece of a watch at once, or as soon as nothing is frozen any more. */
  void write(OutputStream watch, byte[] piece, int length)
      throws IOException, InterruptedException {
    thaw.await();
    watch.write(piece, 0, length);
    watch.flush();
  }
}
