package io.kubekv.k8s;

import io.kubekv.Key;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the objects that mark keys as deleted, and those of sessions that are over, some time
 * after. Exactly the object that was seen, by uid and revision: a key that was put again over it
 * stays. Nobody is told: the delete was the mark.
 */
final class Removals {
  private static final Logger log = LoggerFactory.getLogger(Removals.class);

  /** How many objects one call of {@link #removeDue} removes at most. */
  private static final int AT_ONCE = 200;

  private record Mark(ObjectType type, Key key, Revision revision, long dueNanos) {}

  private final KubernetesApi api;
  private final Index index;
  private final Unsettled unsettled;
  private final Clocks clocks;
  private final Duration retention;
  private final ConcurrentLinkedDeque<Mark> marks = new ConcurrentLinkedDeque<>();

  Removals(KubernetesApi api, Index index, Unsettled unsettled, Clocks clocks, Duration retention) {
    this.api = api;
    this.index = index;
    this.unsettled = unsettled;
    this.clocks = clocks;
    this.retention = retention;
  }

  /** The watch shows a marked object, or a session is over and nothing names it. Never blocks. */
  void marked(StoredObject object) {
    long due = clocks.nanoTime() + retention.toNanos();
    marks.add(new Mark(object.type(), object.key(), object.revision(), due));
  }

  /** All was listed: what is marked now is removed later, as if it had just been marked. */
  void relisted() {
    marks.clear();
    index.allMarked().forEach(this::marked);
  }

  /** Removes what has been marked for long enough; blocks. */
  void removeDue() throws InterruptedException {
    for (int count = 0; count < AT_ONCE; count++) {
      Mark first = marks.peek();
      if (first == null || first.dueNanos() - clocks.nanoTime() > 0) {
        return;
      }
      marks.remove(first);
      Optional<StoredObject> object =
          index
              .object(first.type(), first.key())
              .filter(now -> now.revision().equals(first.revision()))
              .filter(now -> !unsettled.contains(now.name()));
      if (object.isPresent()) {
        remove(object.get());
      }
    }
  }

  private void remove(StoredObject object) throws InterruptedException {
    try {
      Optional<ApiFailure> failure =
          api.remove(object.name(), ObjectJson.toRemove(new ObservedObject.Stored(object))).get();
      if (failure.isPresent()) {
        log.debug("{} is not removed now: {}", object.name(), failure.get());
      }
    } catch (ExecutionException never) {
      throw new IllegalStateException("the API's answer is a failure, not an exception", never);
    }
  }
}
