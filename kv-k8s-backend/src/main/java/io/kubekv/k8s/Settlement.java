package io.kubekv.k8s;

import io.kubekv.Revision;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One write on its way: what the watch and the API have said about it. The watch's thread and the
 * API's threads tell; one thread waits, or somebody listens. A wait that is not short looks at its
 * deadline when {@link Unsettled} ticks: a timer for each write costs more than the write's own way
 * through the index.
 */
final class Settlement {
  /** What the watch has shown. */
  enum Shown {
    NOTHING,
    /** The object is ours. */
    APPLIED,
    /** Another change took the object that the write was for; so this one cannot happen. */
    OVERTAKEN,
    /** Changes were skipped: the write may or may not be among them. */
    OBSCURED
  }

  private volatile Runnable listener = () -> {};
  private final Committer.Change change;
  private final Revision base;
  private volatile boolean sent;
  private volatile Shown shown = Shown.NOTHING;
  private volatile @Nullable StoredObject object;
  private volatile @Nullable Optional<ApiFailure> answer;

  Settlement(Committer.Change change) {
    this.change = change;
    this.base = change.base().map(StoredObject::revision).orElse(Revision.ZERO);
  }

  /** The calling thread is to wait from now on. */
  void attend() {
    Thread waiter = Thread.currentThread();
    listener = () -> LockSupport.unpark(waiter);
  }

  /** {@code news} is to be told of everything, by the thread that brings it; must not block. */
  void listen(Runnable news) {
    listener = news;
  }

  /** Whether something other than its own event, or the API's acceptance, has come. */
  boolean isTroubled() {
    @Nullable Optional<ApiFailure> said = answer;
    return shown == Shown.OVERTAKEN
        || shown == Shown.OBSCURED
        || (said != null && said.isPresent() && shown == Shown.NOTHING);
  }

  Shown shown() {
    return shown;
  }

  /** What the write has led to, once {@link Shown#APPLIED}. */
  Committer.Outcome committed() {
    return new Committer.Outcome.Committed(Objects.requireNonNull(object));
  }

  /** The API's answer to the last request: a failure, or acceptance; absent while there is none. */
  @Nullable Optional<ApiFailure> answer() {
    return answer;
  }

  Committer.Change change() {
    return change;
  }

  boolean isCreate() {
    return change.base().isEmpty();
  }

  /** The watch shows the object. */
  void changed(StoredObject next, Revision previous) {
    if (next.ownWriteAfter(previous).equals(Optional.of(change.writeId()))) {
      applied(next);
    } else if (!next.revision().equals(base)) {
      show(Shown.OVERTAKEN);
    }
  }

  /** The watch shows that the object is gone, or is no longer ours. */
  void removed() {
    show(Shown.OVERTAKEN);
  }

  /** All was listed anew, and this is what there is now. */
  void relisted(Optional<StoredObject> now) {
    if (now.filter(next -> next.provesApplied(change.writeId())).isPresent()) {
      applied(now.get());
    } else if (!now.map(StoredObject::revision).orElse(Revision.ZERO).equals(base)) {
      boolean directly =
          now.flatMap(next -> next.spec().writeId())
              .filter(other -> other.basedOn().equals(base))
              .isPresent();
      show(directly ? Shown.OVERTAKEN : Shown.OBSCURED);
    }
  }

  /** Forgets the last answer, because a new request goes out. */
  void sending() {
    sent = true;
    answer = null;
  }

  boolean wasSent() {
    return sent;
  }

  /** Lets who waits look at the time. */
  void tick() {
    listener.run();
  }

  void answered(Optional<ApiFailure> said) {
    answer = said;
    listener.run();
  }

  /** Waits until the watch or the API says something, or the time is over. */
  void awaitAnything(Deadline until) throws InterruptedException {
    while (shown == Shown.NOTHING && answer == null) {
      if (!park(until)) {
        return;
      }
    }
  }

  /** Waits until the watch says something, or the time is over. */
  void awaitShown(Deadline until) throws InterruptedException {
    while (shown == Shown.NOTHING) {
      if (!park(until)) {
        return;
      }
    }
  }

  /** Waits until the API says something, or the time is over. */
  void awaitAnswer(Deadline until) throws InterruptedException {
    while (answer == null && shown != Shown.APPLIED) {
      if (!park(until)) {
        return;
      }
    }
  }

  private boolean park(Deadline until) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while waiting for a write");
    }
    long left = until.left();
    if (left <= 0) {
      return false;
    }
    if (left > Unsettled.TICK.toNanos()) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, left);
    }
    return true;
  }

  private void applied(StoredObject next) {
    object = next;
    show(Shown.APPLIED);
  }

  private void show(Shown now) {
    if (shown == Shown.NOTHING || shown == Shown.OBSCURED) {
      shown = now;
      listener.run();
    }
  }
}
