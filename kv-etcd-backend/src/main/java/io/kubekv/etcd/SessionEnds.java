package io.kubekv.etcd;

import io.kubekv.Key;
import io.kubekv.SessionId;
import io.kubekv.StoreException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Frees what a session held that has ended. Every process may; each key is freed once. */
final class SessionEnds {
  private static final Logger LOG = LoggerFactory.getLogger(SessionEnds.class);

  /** How long the watch is waited for, to tell what etcd has said already. */
  private static final Duration WATCH_DELAY = Duration.ofSeconds(1);

  private final Index index;
  private final Writes writes;
  private final EtcdKeys keys;
  private final Duration patience;

  SessionEnds(Index index, Writes writes, EtcdKeys keys, Duration patience) {
    this.index = index;
    this.writes = writes;
    this.keys = keys;
    this.patience = patience;
  }

  /** Before somebody is told that a session is gone: frees what it held, trouble aside. */
  void beforeTelling(SessionId id) {
    try {
      Deadline deadline = Deadline.in(WATCH_DELAY);
      if (index.await(() -> index.state().session(id).isEmpty(), deadline)) {
        free(id);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (StoreException trouble) {
      LOG.debug("what session {} held is freed later: {}", id, trouble.getMessage());
    }
  }

  /** Frees the keys that name an ended session, one after the other. */
  void free(SessionId id) {
    for (Key key : index.read(() -> index.state().heldBy(id))) {
      writes.run(new HolderEnd(key, id, keys), Deadline.in(patience));
    }
  }
}
