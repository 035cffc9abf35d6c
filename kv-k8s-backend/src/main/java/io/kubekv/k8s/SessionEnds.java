package io.kubekv.k8s;

import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Releases or deletes what ended sessions held, then lets their objects be removed. Begins anew
 * with whatever is left when this process becomes active, or all was listed anew: a crash halfway
 * loses no key.
 */
final class SessionEnds {
  private static final Logger log = LoggerFactory.getLogger(SessionEnds.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final SessionTable sessions;
  private final Writes writes;
  private final Holder holder;
  private final Removals removals;
  private final LockDelays delays;
  private final Duration patience;
  private final BlockingQueue<SessionId> queue = new LinkedBlockingQueue<>();

  SessionEnds(
      SessionTable sessions,
      Writes writes,
      Holder holder,
      Removals removals,
      LockDelays delays,
      Duration patience) {
    this.sessions = sessions;
    this.writes = writes;
    this.holder = holder;
    this.removals = removals;
    this.delays = delays;
    this.patience = patience;
  }

  /** Something names a session that is over, or its end was shown. Never blocks. */
  void over(SessionId id) {
    queue.add(id);
  }

  /** Looks at all sessions that are over. Never blocks. */
  void allOver() {
    queue.addAll(sessions.over());
  }

  /** Works until interrupted; blocks. */
  void run() {
    try {
      while (true) {
        SessionId id = queue.take();
        if (holder.isActive() && !tryFinish(id)) {
          Thread.sleep(RETRY);
          queue.add(id);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryFinish(SessionId id) {
    try {
      finish(id, Deadline.in(patience));
      return true;
    } catch (StoreException failed) {
      log.warn("what session {} held is looked at again in {}: {}", id, RETRY, failed.getMessage());
      return false;
    } catch (RuntimeException bug) {
      log.error("what session {} held is looked at again in {}", id, RETRY, bug);
      return false;
    }
  }

  /** Releases or deletes what a session held within a caller's time, and the rest later. Blocks. */
  void finishNow(SessionId id, Deadline deadline) {
    try {
      finish(id, deadline);
    } catch (StoreException later) {
      over(id);
    }
  }

  /**
   * Releases or deletes what a session that is over held; does nothing when it lives. Blocks.
   *
   * @throws StoreException when not all was done
   */
  void finish(SessionId id, Deadline deadline) {
    if (sessions.lives(id)) {
      return;
    }
    Optional<SessionTable.Ended> ended = sessions.ended(id);
    SessionBehavior behavior =
        ended.map(there -> there.session().spec().behavior()).orElse(SessionBehavior.RELEASE);
    Batch.run(
        List.copyOf(sessions.heldBy(id)),
        key -> {
          ended.ifPresent(there -> delays.begin(key, there));
          writes.endLock(key, id, behavior, deadline);
          return key;
        });
    if (sessions.heldBy(id).isEmpty()) {
      ended.ifPresent(there -> removals.marked(there.object()));
    }
  }
}
