package io.kubekv.zookeeper.connection;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The events of one connection, in the order in which they are told. While an answer is owed, those
 * of later revisions than it shows wait, and are counted; they leave right behind it. Used on the
 * event loop alone.
 */
final class Outbox {
  private final Consumer<Buffer> sent;
  private final LongConsumer held;
  private final Queue<Buffer> waiting = new ArrayDeque<>();
  private long bytes;

  /** What the owed answer shows; more than any revision when none is owed. */
  private long owed = Long.MAX_VALUE;

  /**
   * @param sent takes what leaves
   * @param held is told how many bytes wait, whenever there are more, or none
   */
  Outbox(Consumer<Buffer> sent, LongConsumer held) {
    this.sent = sent;
    this.held = held;
  }

  /** An answer that shows this revision is owed. */
  void owes(long revision) {
    owed = revision;
  }

  /** An event of a revision. What waits is waited for by all that comes behind it. */
  void event(long revision, Buffer event) {
    if (revision <= owed && waiting.isEmpty()) {
      sent.accept(event);
      return;
    }
    waiting.add(event);
    bytes += event.length();
    held.accept(bytes);
  }

  /** The answer has left. */
  void answered() {
    owed = Long.MAX_VALUE;
    while (!waiting.isEmpty()) {
      sent.accept(waiting.remove());
    }
    none();
  }

  /** Nothing leaves any more. */
  void clear() {
    waiting.clear();
    none();
  }

  private void none() {
    if (bytes > 0) {
      bytes = 0;
      held.accept(0);
    }
  }
}
