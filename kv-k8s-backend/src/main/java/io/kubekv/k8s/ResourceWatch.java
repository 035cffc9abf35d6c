package io.kubekv.k8s;

import io.kubekv.Revision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the index: one list, then one watch, for as long as the store is open. A watch that ends is
 * begun again from the last revision; where that is no longer possible the list is read again.
 */
final class ResourceWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ResourceWatch.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** How often the watch was mended. */
  record Mended(long lists, long reconnects) {}

  private final KubernetesApi api;
  private final EventGate gate;
  private final Supplier<Optional<Revision>> checkpoint;

  /** Held while the index is changed, so that a list and late events of a watch do not mix. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private Feed feed = new Feed();
  private boolean listNeeded = true;
  private boolean closed;
  private volatile Mended mended = new Mended(0, 0);
  private volatile String problem = "the store's objects have not been listed yet";
  private volatile long lastEventNanos = System.nanoTime();

  /** One stream's events: those of a stream that was given up are ignored. */
  private final class Feed implements KubernetesApi.StreamListener {
    private volatile boolean over;
    private boolean delivered;
    private Optional<ApiFailure> failure = Optional.empty();

    /** Whether it brought anything and nothing went wrong. */
    boolean followed() {
      return delivered && failure.isEmpty();
    }

    Optional<Duration> retryAfter() {
      return failure.flatMap(ApiFailure::retryAfter);
    }

    @Override
    public void event(KubernetesApi.StreamEvent event) {
      if (over) {
        return; // whoever brings it must not wait for a new list to be taken in
      }
      lock.lock();
      try {
        if (feed == this && !over) {
          delivered = true;
          lastEventNanos = System.nanoTime();
          gate.event(event);
          listWhenOverflown();
        }
      } catch (RuntimeException bug) {
        log.error("an event could not be taken in: the store is listed again", bug);
        problem = "an event could not be taken in: " + bug;
        listNeeded = true;
        over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void ended(Optional<ApiFailure> why) {
      lock.lock();
      try {
        over = true;
        failure = why;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * @param checkpoint a revision that the first list should stand at exactly, so that the history
   *     reaches back to it
   */
  ResourceWatch(KubernetesApi api, EventGate gate, Supplier<Optional<Revision>> checkpoint) {
    this.api = api;
    this.gate = gate;
    this.checkpoint = checkpoint;
  }

  /** Feeds the index until closed; blocks. */
  void run() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!isClosed()) {
        try {
          if (isListNeeded()) {
            list();
          }
          Feed over = watchOnce();
          pause = over.followed() ? FIRST_PAUSE : pause(pause, over.retryAfter());
        } catch (ApiCallException failed) {
          problem = "the API does not list the store's objects: " + failed.getMessage();
          log.warn("{}", problem);
          pause = pause(pause, failed.failure().retryAfter());
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Why the index does not follow the API; empty when it does. */
  String problem() {
    return problem;
  }

  Mended mended() {
    return mended;
  }

  /** How long the watch has been silent. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastEventNanos);
  }

  /**
   * Something should have come and has not: begins the watch again from the last revision, and if
   * that one too has brought nothing, lists again. Nothing is done while events wait to be shown.
   */
  void suspect(String why) {
    lock.lock();
    try {
      if (feed.over || gate.isWaiting()) {
        return;
      }
      listNeeded = !feed.delivered;
      log.warn("the watch is begun again{}: {}", listNeeded ? " with a new list" : "", why);
      feed.over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lists again, because the index is known to be wrong. */
  void relist(String why) {
    lock.lock();
    try {
      log.warn("the store is listed again: {}", why);
      listNeeded = true;
      feed.over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the API has been listed, and shows nothing that a holder has ever left. */
  boolean isStoreNew() {
    lock.lock();
    try {
      return gate.isStoreNew();
    } finally {
      lock.unlock();
    }
  }

  /** The lease is held: everything that waits may be shown. */
  void release() {
    lock.lock();
    try {
      gate.release();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The holder's index has come this far ({@link EventGate#announced}). */
  void announced(Revision revision, long ofStore) {
    lock.lock();
    try {
      if (gate.announced(revision, ofStore)) {
        log.warn("the store is another one, {}: it is listed again", Long.toHexString(ofStore));
        listNeeded = true;
        feed.over = true;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The revision that the holder is to announce before a list can be shown here. */
  Optional<Revision> awaited() {
    lock.lock();
    try {
      return gate.awaited();
    } finally {
      lock.unlock();
    }
  }

  /** The last revision that the holder has announced here. */
  Revision announced() {
    lock.lock();
    try {
      return gate.announced();
    } finally {
      lock.unlock();
    }
  }

  /** How many events wait to be shown. */
  int backlog() {
    lock.lock();
    try {
      return gate.backlog();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      feed.over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void list() throws ApiCallException, InterruptedException {
    awaitRoom();
    KubernetesApi.Listed listed = gate.hasList() ? api.list(Optional.empty()) : firstList();
    lock.lock();
    try {
      if (gate.isStale(listed)) {
        throw new ApiCallException(
            new ApiFailure.NotYet(
                LONGEST_PAUSE, "it lists revision " + listed.at() + ", which is in the past"));
      }
      gate.listed(listed);
      listNeeded = false;
      lastEventNanos = System.nanoTime();
      mended = new Mended(mended.lists() + 1, mended.reconnects());
    } finally {
      lock.unlock();
    }
    log.info("listed {} objects at revision {}", listed.objects().size(), listed.at());
  }

  /** A list that could not be shown either would only be dropped again. */
  private void awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && gate.isOverflown() && !gate.isAllShowable()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void listWhenOverflown() {
    if (gate.isOverflown()) {
      log.warn("more events wait to be announced than there is room for: they are listed later");
      listNeeded = true;
      feed.over = true;
      changed.signalAll();
    }
  }

  private KubernetesApi.Listed firstList() throws ApiCallException, InterruptedException {
    Optional<Revision> exactly = checkpoint.get();
    if (exactly.isPresent()) {
      try {
        return api.list(exactly);
      } catch (ApiCallException notThere) {
        log.info("revision {} cannot be listed: {}", exactly.get(), notThere.getMessage());
      }
    }
    return api.list(Optional.empty());
  }

  /** Follows one watch to its end. */
  private Feed watchOnce() throws InterruptedException {
    Feed mine = new Feed();
    lock.lockInterruptibly();
    try {
      if (closed) {
        return mine;
      }
      feed = mine;
    } finally {
      lock.unlock();
    }
    KubernetesApi.Stream stream = api.watch(position(), mine);
    problem = "";
    try {
      awaitEnd(mine);
    } finally {
      stream.close();
    }
    return mine;
  }

  private void awaitEnd(Feed mine) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!mine.over) {
        changed.await();
      }
      mended = new Mended(mended.lists(), mended.reconnects() + 1);
      if (mine.failure.isPresent()) {
        ApiFailure failure = mine.failure.get();
        boolean elsewhere =
            failure instanceof ApiFailure.Gone || failure instanceof ApiFailure.NotYet;
        listNeeded |= elsewhere;
        problem = "the watch failed: " + failure.message();
        log.info("{}", problem);
      }
    } finally {
      lock.unlock();
    }
  }

  private Revision position() {
    lock.lock();
    try {
      return gate.received();
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean isListNeeded() {
    lock.lock();
    try {
      return listNeeded;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, and says how long to wait the next time. */
  private Duration pause(Duration pause, Optional<Duration> asked) throws InterruptedException {
    Duration wait = asked.filter(longer -> longer.compareTo(pause) > 0).orElse(pause);
    lock.lockInterruptibly();
    try {
      if (!closed) {
        boolean woken = changed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        log.debug("waited {}{}", wait, woken ? ", woken" : "");
      }
    } finally {
      lock.unlock();
    }
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
