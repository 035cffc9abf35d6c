package io.kubekv.k8s.view;

import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.k8s.form.KeyValueForm;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** Notes which keys' objects a change of the store makes wrong. Belongs to the view's thread. */
final class StoreIntake {
  private final StoreChanges changes;
  private final ViewSettings settings;
  private final ObjectIndex index;
  private final DirtyKeys dirty;
  private final BiConsumer<Key, Revision> also;
  private final LongSupplier ticker;
  private long keysInRange;
  private boolean isGap;

  /**
   * @param also hears of every change, whether its key is to be shown or not
   */
  StoreIntake(
      StoreChanges changes,
      ViewSettings settings,
      ObjectIndex index,
      DirtyKeys dirty,
      BiConsumer<Key, Revision> also,
      LongSupplier ticker) {
    this.changes = changes;
    this.settings = settings;
    this.index = index;
    this.dirty = dirty;
    this.also = also;
    this.ticker = ticker;
  }

  /** How many keys may be shown, as far as there is room. */
  long keys() {
    return keysInRange;
  }

  /** Whether changes are missing: everything is to be compared. */
  boolean isGap() {
    return isGap;
  }

  /** Everything was compared with so many keys. */
  void compared(long keys) {
    keysInRange = keys;
    isGap = false;
  }

  /**
   * Takes in everything that has happened. Never waits.
   *
   * @return how much that was
   */
  int take() {
    int taken = 0;
    Optional<WatchEvent> event = changes.next();
    while (event.isPresent()) {
      switch (event.get()) {
        case WatchEvent.Put put -> {
          keysInRange += put.previous().isEmpty() && includes(put.entry().key()) ? 1 : 0;
          changed(put.entry().key(), put.revision(), put.cause());
        }
        case WatchEvent.Delete delete -> {
          ended(delete.previous().key(), delete);
          delete.below().forEach(entry -> ended(entry.key(), delete));
        }
        case WatchEvent.Progress progress -> {}
        case WatchEvent.HistoryGone gone -> isGap = true;
      }
      taken += event.get() instanceof WatchEvent.Progress ? 0 : 1;
      event = changes.next();
    }
    return taken;
  }

  private void ended(Key key, WatchEvent.Delete delete) {
    keysInRange -= includes(key) ? 1 : 0;
    changed(key, delete.revision(), delete.cause());
  }

  private void changed(Key key, Revision revision, Cause cause) {
    also.accept(key, revision);
    if (dirty.changedAgain(key, revision, cause, ticker.getAsLong()) || !includes(key)) {
      return;
    }
    boolean isKnown = index.get(KeyValueForm.name(key)) != null || dirty.isHopeless(key);
    if (isKnown || index.size() + dirty.size() < settings.mostKeys()) {
      dirty.changed(key, revision, cause, ticker.getAsLong());
    }
  }

  private boolean includes(Key key) {
    return settings.includes(key);
  }
}
