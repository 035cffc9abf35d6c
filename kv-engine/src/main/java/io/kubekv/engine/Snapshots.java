package io.kubekv.engine;

import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;

/**
 * When snapshots are taken: after so many bytes of entries, one at a time, and late rather than
 * early, because history reaches back to the last one after a restart. For one thread at a time.
 */
final class Snapshots {
  private final Log log;
  private final long everyBytes;
  private final Committer.Sender sender;
  private long bytes;
  private boolean running;

  Snapshots(Log log, long everyBytes, Committer.Sender sender) {
    this.log = log;
    this.everyBytes = everyBytes;
    this.sender = sender;
  }

  /** An entry has been applied. */
  void count(LogEntry entry) {
    bytes += entry.bytes();
  }

  /** Begins a snapshot if it is time. Nothing waits for it; one that fails is tried again later. */
  void take(Root root) {
    if (bytes >= everyBytes) {
      takeNow(root);
    }
  }

  /** Begins a snapshot because the log asks for it, unless one is on its way. */
  void takeNow(Root root) {
    if (running) {
      return;
    }
    running = true;
    bytes = 0;
    var unused = log.snapshot(root).handle((done, failure) -> sender.inTurn(() -> running = false));
  }
}
