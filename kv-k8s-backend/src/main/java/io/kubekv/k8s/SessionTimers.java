package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions when twice their time to live has passed without renewal, while this process is
 * active. It counts from the answer of the creation or the last renewal, and at full length from a
 * take-over. Thread-safe.
 */
final class SessionTimers {
  private static final Logger log = LoggerFactory.getLogger(SessionTimers.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** How many ends are under way together. */
  private static final int TOGETHER = 16;

  private final SessionTable table;
  private final Writes writes;
  private final Holder holder;
  private final PathOrder order;
  private final Duration patience;
  private final ExpiryTimers timers;
  private final Semaphore room = new Semaphore(TOGETHER);

  /** In which term a session was last written by its own will. */
  private final Map<SessionId, Long> confirmations = new ConcurrentHashMap<>();

  SessionTimers(
      SessionTable table,
      Writes writes,
      Holder holder,
      PathOrder order,
      Duration patience,
      Clocks clocks) {
    this.table = table;
    this.writes = writes;
    this.holder = holder;
    this.order = order;
    this.patience = patience;
    this.timers = new ExpiryTimers(clocks, this::due);
  }

  /** Fires timers until closed; blocks. */
  void run() {
    timers.run();
  }

  void close() {
    timers.close();
  }

  /** The watch shows a session's object. Never blocks. */
  void changed(StoredObject object) {
    if (object.isOver()) {
      gone(object.sessionId());
    } else {
      set(object);
    }
  }

  /** A session's object is gone. Never blocks. */
  void gone(SessionId id) {
    timers.clear(StoredObject.sessionKey(id));
    confirmations.remove(id);
  }

  /** This process has become active: all times count from now. */
  void restartAll() {
    table.allLiving().forEach(this::set);
  }

  /** All was listed anew: who has not changed meanwhile keeps what is left of its time. */
  void relisted() {
    for (StoredObject object : table.allLiving()) {
      life(object).ifPresent(life -> timers.keep(object.key(), object.revision(), life));
    }
  }

  /** The session was written in this term, and the answer is about to leave. */
  void confirmed(StoredObject object, Term term) {
    confirmations.put(object.sessionId(), term.number());
    set(object);
  }

  /** Whether a renewal need not be written: no former holder knows the session's revision. */
  boolean isConfirmed(StoredObject object, Term term) {
    Long number = confirmations.get(object.sessionId());
    return object.spec().ttl().isEmpty() || (number != null && number == term.number());
  }

  /** The session was renewed, and the answer is about to leave. */
  void renewed(StoredObject object) {
    set(object);
  }

  private void set(StoredObject object) {
    life(object).ifPresent(life -> timers.set(object.key(), object.revision(), life));
  }

  /** How long a session lives without renewal; empty for ever. */
  private static Optional<Duration> life(StoredObject object) {
    return object
        .spec()
        .ttl()
        .filter(timeToLive -> timeToLive.compareTo(ExpiryTimers.LONGEST) < 0)
        .map(timeToLive -> timeToLive.multipliedBy(2));
  }

  private void due(Key key, Revision revision, long since) {
    if (!holder.isActive()) {
      return;
    }
    room.acquireUninterruptibly();
    Threads.start(
        "session-end",
        () -> {
          try {
            expire(key, revision, since);
          } finally {
            room.release();
          }
        });
  }

  private void expire(Key key, Revision revision, long since) {
    Deadline deadline = Deadline.in(patience);
    try (PathOrder.Turn turn = order.flat(key, deadline)) {
      holder.awaitActive(deadline);
      Optional<StoredObject> living =
          table.object(key).filter(now -> !now.isOver() && now.revision().equals(revision));
      boolean renewed = timers.isSet(key);
      if (living.isEmpty()
          || renewed
          || writes.touch(living.get(), Cause.EXPIRE, deadline).isPresent()) {
        return;
      }
    } catch (StoreException failed) {
      log.warn("the end of a session is tried again in {}: {}", RETRY, failed.getMessage());
    } catch (RuntimeException bug) {
      log.error("the end of a session is tried again in {}", RETRY, bug);
    }
    timers.retry(key, revision, RETRY, since);
  }
}
