package io.kubekv.client;

import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a range: every one, once, in order. When the connection breaks or the server
 * restarts, it goes on by itself after the last revision that came. When the changes in between can
 * no longer be had, {@link WatchEvent.HistoryGone} is the last element: read the range again, and
 * watch from there.
 *
 * <p>As an {@link Iterable} it can be gone through once; {@code hasNext} blocks until something
 * comes, and is false after {@link WatchEvent.HistoryGone} or {@link #close}. A thread that is
 * interrupted there gets {@link UnavailableException} and stays interrupted. {@link
 * WatchEvent.Progress} is an element, too: a program that keeps its place notes the revision.
 *
 * <p>Not thread-safe but for {@link #close}.
 */
public final class Changes implements Watch, Iterable<WatchEvent> {
  private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

  private final Watch watch;

  Changes(Watch watch) {
    this.watch = watch;
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
  public Iterator<WatchEvent> iterator() {
    return new Iterator<>() {
      private @Nullable WatchEvent ahead;

      @Override
      public boolean hasNext() {
        if (ahead == null) {
          ahead = await().orElse(null);
        }
        return ahead != null;
      }

      @Override
      public WatchEvent next() {
        if (!hasNext() || ahead == null) {
          throw new NoSuchElementException("the watch has ended");
        }
        WatchEvent event = ahead;
        ahead = null;
        return event;
      }
    };
  }

  private Optional<WatchEvent> await() {
    try {
      return watch.next(FOREVER);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for a change", interrupted);
    }
  }

  @Override
  public void whenReady(Runnable wake) {
    watch.whenReady(wake);
  }

  @Override
  public void close() {
    watch.close();
  }
}
