package io.kubekv.transport.watch;

import io.kubekv.WatchEvent;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One event on its way to many watchers, rendered once for all that share a renderer. */
public final class Occurrence {
  private final WatchEvent event;
  private @Nullable Function<WatchEvent, ?> renderer;
  private @Nullable Object rendering;

  public Occurrence(WatchEvent event) {
    this.event = event;
  }

  public WatchEvent event() {
    return event;
  }

  /**
   * The event in the form of a dialect.
   *
   * @param by the same object each time, or the event is rendered again
   */
  @SuppressWarnings("unchecked") // what a renderer has made is of its type
  public synchronized <T> T rendered(Function<WatchEvent, T> by) {
    if (rendering == null || !by.equals(renderer)) {
      rendering = by.apply(event);
      renderer = by;
    }
    return (T) rendering;
  }
}
