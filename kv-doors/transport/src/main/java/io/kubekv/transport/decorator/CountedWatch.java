package io.kubekv.transport.decorator;

import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A watch that is in a count until it is closed. */
final class CountedWatch implements Watch {
  private final Watch watch;
  private final AtomicInteger open;
  private final AtomicBoolean closed = new AtomicBoolean();

  CountedWatch(Watch watch, AtomicInteger open) {
    this.watch = watch;
    this.open = open;
    open.incrementAndGet();
  }

  @Override
  public Revision start() {
    return watch.start();
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    return watch.next(atMost);
  }

  @Override
  public boolean isWithinRevision() {
    return watch.isWithinRevision();
  }

  @Override
  public void whenReady(Runnable wake) {
    watch.whenReady(wake);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      open.decrementAndGet();
    }
    watch.close();
  }
}
