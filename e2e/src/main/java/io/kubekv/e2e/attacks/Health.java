package io.kubekv.e2e.attacks;

import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks for {@code /healthz} five times a second, each time on a new connection, as a kubelet does.
 */
final class Health implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final InetSocketAddress operations;
  private final AtomicLong slowest = new AtomicLong();
  private final AtomicLong asked = new AtomicLong();
  private final Thread thread;
  private volatile boolean over;

  Health(InetSocketAddress operations) {
    this.operations = operations;
    thread = Thread.ofPlatform().name("health").start(this::watch);
  }

  /** The longest since the last call of this; what is being waited for counts as well. */
  Duration slowest() {
    long waited = asked.get() == 0 ? 0 : System.nanoTime() - asked.get();
    return Duration.ofNanos(Math.max(waited, slowest.getAndSet(0)));
  }

  private void watch() {
    while (!over) {
      long began = System.nanoTime();
      asked.set(began);
      boolean well = isWell();
      asked.set(0);
      long took = System.nanoTime() - began;
      slowest.accumulateAndGet(well ? took : Math.max(took, PATIENCE.toNanos()), Math::max);
      try {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean isWell() {
    try (HttpConnection connection = HttpConnection.open(operations)) {
      connection.readTimeout(PATIENCE);
      byte[] request = HttpConnection.request("GET", "/healthz", operations, Map.of(), "");
      return connection.exchange(request).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    over = true;
    thread.interrupt();
  }
}
