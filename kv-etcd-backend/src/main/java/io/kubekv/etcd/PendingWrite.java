package io.kubekv.etcd;

import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import java.util.List;
import java.util.Optional;

/** A write of ours that is under way, until its event has come or it is forgotten. */
final class PendingWrite implements AutoCloseable {
  /**
   * The write as the watch has told it.
   *
   * @param revision the revision of the write
   * @param events all events of that revision
   */
  record Seen(Revision revision, List<WatchEvent> events) {}

  private final Index index;
  private final WriteId id;
  private volatile Optional<Seen> seen = Optional.empty();

  PendingWrite(Index index, WriteId id) {
    this.index = index;
    this.id = id;
  }

  void seen(Revision revision, List<WatchEvent> events) {
    seen = Optional.of(new Seen(revision, events));
  }

  Optional<Seen> seen() {
    return seen;
  }

  /** Waits for the event; empty when it has not come in time. */
  Optional<Seen> await(Deadline deadline) throws InterruptedException {
    index.await(() -> seen.isPresent(), deadline);
    return seen;
  }

  @Override
  public void close() {
    index.forget(id);
  }
}
