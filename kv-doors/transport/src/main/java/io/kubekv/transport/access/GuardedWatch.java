package io.kubekv.transport.access;

import io.kubekv.Key;
import io.kubekv.PermissionDeniedException;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** A watch that ends with a {@link PermissionDeniedException} when its right is taken away. */
final class GuardedWatch implements Watch {
  private final Watch watch;
  private final Predicate<Key> visible;
  private final RightInUse right = new RightInUse();
  private volatile boolean revoked;
  private volatile boolean closed;

  /**
   * @param visible which keys may be told of; may block
   */
  GuardedWatch(Watch watch, Predicate<Key> visible) {
    this.watch = watch;
    this.visible = visible;
  }

  /** What it needs as long as it is open. */
  RightInUse right() {
    return right;
  }

  /** Ends it: what it still holds is not told. */
  void revoke() {
    revoked = true;
    watch.close();
  }

  @Override
  public Revision start() {
    return watch.start();
  }

  @Override
  public Optional<WatchEvent> next(Duration atMost) throws InterruptedException {
    Optional<WatchEvent> event = revoked ? Optional.empty() : watch.next(atMost);
    if (revoked && !closed) {
      throw new PermissionDeniedException("the right to watch was taken away");
    }
    return event.map(told -> Redaction.of(told, visible));
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
    closed = true;
    right.end();
    watch.close();
  }
}
