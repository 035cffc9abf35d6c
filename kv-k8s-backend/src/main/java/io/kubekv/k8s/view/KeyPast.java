package io.kubekv.k8s.view;

import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * What happened to a key after a revision that somebody saw. This is how a proposal that was made
 * before is recognized: of all changes after its base, it can only be the first.
 */
final class KeyPast {
  private final KeyValueStore store;

  KeyPast(KeyValueStore store) {
    this.store = store;
  }

  /**
   * The first change of {@code key} after {@code base}: {@link WatchEvent.HistoryGone} when nobody
   * remembers, empty when there was none. Never waits.
   */
  Optional<WatchEvent> firstAfter(Revision base, Key key) {
    try (Watch watch = store.watch(WatchRequest.from(new Range.Exact(key), base.next()))) {
      Optional<WatchEvent> event = watch.next(Duration.ZERO);
      while (event.isPresent() && event.get() instanceof WatchEvent.Progress) {
        event = watch.next(Duration.ZERO);
      }
      return event;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the view was stopped");
    }
  }
}
