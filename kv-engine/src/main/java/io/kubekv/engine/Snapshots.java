package io.kubekv.engine;

import io.kubekv.StoredSize;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.Contents;
import org.jspecify.annotations.Nullable;

/**
 * When snapshots are taken: after so many bytes of entries, one at a time, and late rather than
 * early, because history reaches back to the last one after a restart. For one thread at a time.
 */
final class Snapshots {
  private static final System.Logger LOGGER = System.getLogger(Snapshots.class.getName());

  private final Log log;
  private final Replica replica;
  private final long everyBytes;
  private final Committer.Sender sender;
  private long bytes;
  private long taken;
  private String told = "";
  private boolean running;

  Snapshots(Log log, Replica replica, long everyBytes, Committer.Sender sender) {
    this.log = log;
    this.replica = replica;
    this.everyBytes = everyBytes;
    this.sender = sender;
  }

  /** An entry has been applied. */
  void count(LogEntry entry) {
    bytes += entry.bytes();
  }

  /** Begins a snapshot if it is time. Nothing waits for it; one that fails is tried again later. */
  void take() {
    if (bytes >= everyBytes && (!log.asksForSnapshots() || bytes >= worth())) {
      takeNow();
    }
  }

  /** About half of what a snapshot takes, so that at most two bytes of it are written per byte. */
  private long worth() {
    Contents contents = replica.state().contents();
    return (contents.bytes() - contents.size() * StoredSize.OVERHEAD_BYTES / 2) / 2;
  }

  /**
   * Begins a snapshot because the log asks for it, unless one is on its way. Between the parts of a
   * change it has what was there before the first, and is taken once.
   */
  void takeNow() {
    Root root = replica.whole();
    if (running || (replica.isBetweenParts() && root.position() <= taken)) {
      return;
    }
    running = true;
    long counted = bytes;
    var unused =
        log.snapshot(root)
            .handle((done, failure) -> sender.inTurn(() -> ended(root, counted, failure)));
  }

  private void ended(Root root, long counted, @Nullable Throwable failure) {
    if (failure == null) {
      running = false;
      taken = root.position();
      bytes -= counted;
      told = "";
      return;
    }
    String reason = Repair.text(failure);
    if (!reason.equals(told)) {
      told = reason;
      String text = "the snapshot at entry {0} failed, and is tried again: {1}";
      LOGGER.log(System.Logger.Level.WARNING, text, root.position(), reason);
    }
    sender.later(sender.pause(), () -> running = false);
  }
}
