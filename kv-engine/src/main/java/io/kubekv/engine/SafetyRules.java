package io.kubekv.engine;

import io.kubekv.engine.log.Announcements;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.State;

/**
 * The rules that acknowledged changes and reads rest on, in one place. Each looks too small to be a
 * method; tests break one at a time, and must find it.
 */
class SafetyRules {
  /** Reads see what is in the log, and nothing that was only decided. */
  State readable(State applied, State prepared) {
    return applied;
  }

  /** An entry is applied only where it chains to the one before. */
  boolean follows(LogEntry entry, Root root) {
    return entry.follows(root);
  }

  /** What is sent again goes to the same position, and is the same. */
  LogEntry again(LogEntry entry, Root root) {
    return entry;
  }

  /**
   * A follower shows no entry that the holder may not have applied. Who wrote the next one had.
   *
   * @param position of the entry
   * @param announced up to where a holder said that it has applied
   * @param applied the last position that this replica has applied
   */
  boolean isShown(long position, long announced, long applied) {
    return position <= announced || position < applied;
  }

  /** What is said of an entry concerns the one that stands here, and no other of its position. */
  boolean isOfThisLog(Announcements.Word word, Root root) {
    return word.position() == root.position() && word.nonce() == root.nonce();
  }

  /** A change in parts has happened when its last part is decided. */
  boolean hasHappened(LogEntry entry) {
    return entry.isWhole();
  }

  /** An append's answer acknowledges nothing: the entry's own event does. */
  boolean isAcknowledgedByItsAnswer() {
    return false;
  }
}
