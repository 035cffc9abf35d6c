package io.kubekv.etcd;

import io.kubekv.Key;
import io.kubekv.SessionId;
import io.kubekv.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what etcd cannot: ends entries whose time to live has passed, and frees what ended sessions
 * held. All processes of a store do so, without knowing of each other: whoever made an entry at
 * once, the others a second later, should it not have happened by then.
 */
final class Chores {
  private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
  private static final Duration LOOK_UP = Duration.ofSeconds(1);
  private static final Duration OTHERS_FIRST = Duration.ofSeconds(1);

  private final Index index;
  private final Writes writes;
  private final SessionEnds ends;
  private final EtcdKeys keys;
  private final Duration patience;
  private final Map<EntryRecord, Deadline> waiting = new HashMap<>();

  Chores(Index index, Writes writes, SessionEnds ends, EtcdKeys keys, Duration patience) {
    this.index = index;
    this.writes = writes;
    this.ends = ends;
    this.keys = keys;
    this.patience = patience;
  }

  /** Runs until the index is closed. */
  void run() {
    while (!index.isClosed()) {
      try {
        Duration sleep = waiting.isEmpty() ? LOOK_UP : LOOK_UP.dividedBy(10);
        if (index.await(this::hasWork, Deadline.in(sleep)) && !round()) {
          Threads.pause(LOOK_UP.dividedBy(20));
        }
      } catch (InterruptedException stop) {
        return;
      } catch (StoreException trouble) {
        LOG.debug("chores are left for later: {}", trouble.getMessage());
        Threads.pause(LOOK_UP);
      } catch (RuntimeException bug) {
        LOG.error("chores are left for later", bug);
        Threads.pause(LOOK_UP);
      }
    }
  }

  private boolean hasWork() {
    return !index.state().due().isEmpty() || !index.state().orphans().isEmpty();
  }

  /** Whether something was done. */
  private boolean round() {
    List<Key> due = index.read(index.state()::due);
    List<SessionId> orphans = index.read(index.state()::orphans);
    boolean did = false;
    for (Key key : due) {
      Optional<EntryRecord> record = index.entry(key).filter(this::isOurTurn);
      if (record.isPresent()) {
        ExpiryChange end = new ExpiryChange(key, record.get().entry().modifyRevision(), keys);
        did |= writes.run(end, Deadline.in(patience));
      }
    }
    for (SessionId orphan : orphans) {
      if (index.read(() -> index.state().heldBy(orphan)).stream()
          .map(index::entry)
          .flatMap(Optional::stream)
          .anyMatch(this::isOurTurn)) {
        ends.free(orphan);
        did = true;
      }
    }
    if (due.isEmpty() && orphans.isEmpty()) {
      waiting.clear();
    }
    waiting
        .keySet()
        .removeIf(record -> !index.entry(record.entry().key()).equals(Optional.of(record)));
    return did;
  }

  private boolean isOurTurn(EntryRecord record) {
    return record.writeId().filter(writes::isOurs).isPresent()
        || waiting.computeIfAbsent(record, first -> Deadline.in(OTHERS_FIRST)).passed();
  }
}
