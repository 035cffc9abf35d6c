package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process may answer: it holds the lease, and its barrier has come back in the watch
 * since, so that the index holds every write that was ever acknowledged. Thread-safe.
 */
final class Holder implements LeadershipListener {
  /** Is told when this process becomes active, on a thread of its own. */
  interface Activation {
    void activated(Term term);
  }

  /** Whether calls need not wait here, because they can be made where the lease is. */
  interface Elsewhere {
    boolean isActive();
  }

  private static final Logger log = LoggerFactory.getLogger(Holder.class);
  private static final Key BARRIER = new Key("barrier");
  private static final Duration BARRIER_PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Index index;
  private final Committer committer;
  private final WriteIds ids;
  private final Elsewhere elsewhere;
  private final Runnable opening;
  private final Activation activation;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile @Nullable Term active;
  private volatile String reason = "waiting for the lease";
  private volatile boolean closed;
  private volatile long storeId = newId();
  private volatile boolean storeIdKnown;

  /**
   * @param elsewhere whether to refuse at once what cannot be answered here
   * @param opening lets everything that the watch has brought into the index; called with a term
   *     that is valid, before its barrier is written
   */
  Holder(
      Index index,
      Committer committer,
      WriteIds ids,
      Elsewhere elsewhere,
      Runnable opening,
      Activation activation) {
    this.index = index;
    this.committer = committer;
    this.ids = ids;
    this.elsewhere = elsewhere;
    this.opening = opening;
    this.activation = activation;
  }

  /** Whether a state that was current before this call may be answered from. Cheap. */
  boolean isActive() {
    Term term = active;
    return term != null && term.isValid();
  }

  /** The term under which this process answers; empty when it does not. */
  Optional<Term> term() {
    return Optional.ofNullable(active).filter(Term::isValid);
  }

  /** Why this process may not answer. */
  String reason() {
    return reason;
  }

  /** Names the store; kept in its marker. */
  long storeId() {
    if (!storeIdKnown) {
      index.marker(BARRIER).flatMap(Holder::idIn).ifPresent(this::identified);
    }
    return storeId;
  }

  /**
   * Waits until this process may answer. What is decided on a state taken after this call may be
   * said as long as <em>this</em> term is valid: another one's state may hold more.
   */
  Term awaitActive(Deadline deadline) {
    Optional<Term> now = term();
    if (now.isPresent()) {
      return now.get();
    }
    lock.lock();
    try {
      while (now.isEmpty()) {
        requireOpen();
        if (deadline.passed() || elsewhere.isActive()) {
          throw new UnavailableException("the store is not active here: " + reason);
        }
        changed.awaitNanos(Math.min(deadline.left(), PAUSE.toNanos()));
        now = term();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while waiting for the lease");
    } finally {
      lock.unlock();
    }
    requireOpen();
    return now.get();
  }

  /** Fails when the term has ended, so that what was decided under it must not be said. */
  void requireValid(Term term) {
    if (!term.isValid()) {
      throw new UnavailableException("the store is not active here: " + reason);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new UnavailableException("the store is closed");
    }
  }

  @Override
  public void acquired(Term term, Map<String, String> annotations) {
    reason = "holding the lease, waiting for the barrier to come back";
    Threads.start("barrier", () -> activate(term));
  }

  @Override
  public void lost(Term term, String why) {
    active = null;
    reason = "lost the lease: " + why;
  }

  /** Waits no longer and answers no more. */
  void close() {
    closed = true;
    active = null;
    reason = "the store is closed";
    signal();
  }

  /**
   * Writes a marker and waits for it to come back.
   *
   * @throws StoreException when it did not
   */
  void mark(Deadline deadline) {
    for (boolean done = false; !done; ) {
      Optional<StoredObject> base = index.marker(BARRIER);
      ObjectSpec next =
          ObjectSpec.first(
              ObjectType.MARKER,
              BARRIER,
              Bytes.utf8(Long.toHexString(storeId())),
              Cause.SET,
              ids.next(base));
      done =
          switch (committer.commit(new Committer.Change(base, next), deadline)) {
            case Committer.Outcome.Committed committed -> true;
            case Committer.Outcome.Overtaken overtaken -> false;
          };
    }
  }

  /** What the holder of the lease says that the store's id is. */
  void identified(long id) {
    storeId = id;
    storeIdKnown = true;
  }

  /** The store went back in time: it is another one now. */
  void restored() {
    storeIdKnown = true;
    storeId = newId();
    log.warn("the API shows an older state than before: the store was restored; its id is new");
  }

  private void activate(Term term) {
    while (term.isValid() && !closed) {
      if (marked()) {
        activated(term);
        return;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Whether the barrier has come back; otherwise the reason says why not. */
  private boolean marked() {
    try {
      opening.run();
      if (index.filled()) {
        mark(Deadline.in(BARRIER_PATIENCE));
        return true;
      }
      reason = "holding the lease, waiting for the store's objects";
    } catch (StoreException notYet) {
      String now = "the barrier does not come back: " + notYet.getMessage();
      if (!now.equals(reason)) {
        log.warn("{}", now);
      }
      reason = now;
    }
    return false;
  }

  private void activated(Term term) {
    lock.lock();
    try {
      if (!closed && term.isValid()) {
        active = term;
        reason = "";
      }
    } finally {
      lock.unlock();
    }
    signal();
    activation.activated(term);
    log.info("active in term {} with {} keys", term.number(), index.snapshot().size());
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Long> idIn(StoredObject marker) {
    try {
      return marker.spec().value().asText().map(text -> Long.parseUnsignedLong(text, 16));
    } catch (NumberFormatException edited) {
      return Optional.empty();
    }
  }

  private static long newId() {
    return ThreadLocalRandom.current().nextLong();
  }
}
