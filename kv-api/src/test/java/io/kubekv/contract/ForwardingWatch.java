package io.kubekv.contract;

import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.Optional;

/** A watch that passes everything on. */
public class ForwardingWatch implements Watch {
  private final Watch inner;

  public ForwardingWatch(Watch inner) {
    this.inner = inner;
  }

  @Override
  public Revision start() {
    return inner.start();
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    return inner.next(atMost);
  }

  @Override
  public boolean isWithinRevision() {
    return inner.isWithinRevision();
  }

  @Override
  public void whenReady(Runnable wake) {
    inner.whenReady(wake);
  }

  @Override
  public void close() {
    inner.close();
  }
}
