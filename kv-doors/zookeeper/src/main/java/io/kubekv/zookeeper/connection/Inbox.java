package io.kubekv.zookeeper.connection;

import io.kubekv.transport.tcp.TcpConnection;
import io.kubekv.zookeeper.wire.Frames;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What a client has sent and is not answered: pieces of a message, whole ones that wait, and the
 * one that is being done. Where too many wait, no more is read. Used on the event loop alone.
 */
final class Inbox {
  /** Where more wait than this, no more is read. */
  private static final int MOST_WAITING = 256;

  private static final int MOST_WAITING_BYTES = 1 << 20;

  private final Shared shared;
  private final TcpConnection wire;
  private final Frames frames = new Frames();
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private int waitingBytes;

  /** Of the message that was begun and is not answered. */
  private int begunBytes;

  private long held;
  private long received;

  /** When something came last, and when the message began that has not come as a whole. */
  private long heard;

  private long partial;

  Inbox(Shared shared, TcpConnection wire) {
    this.shared = shared;
    this.wire = wire;
    this.heard = shared.now();
  }

  /** Some bytes have come. */
  void add(Buffer bytes) {
    heard = shared.now();
    if (frames.kept() == 0) {
      partial = heard;
    }
    frames.add(bytes);
  }

  /** The four bytes that everything begins with; empty later, and while they have not come. */
  Optional<Integer> beginning() {
    return received == 0 ? frames.beginning() : Optional.empty();
  }

  /** Makes messages of what has come; whether that may be, and not too much is held. */
  boolean cut() {
    try {
      for (Optional<byte[]> next = frames.next(); next.isPresent(); next = frames.next()) {
        waiting.add(next.get());
        waitingBytes += next.get().length;
        received++;
        partial = heard;
      }
    } catch (IllegalArgumentException tooLong) {
      return false;
    }
    boolean may = hold();
    if (may && isFull()) {
      wire.pause();
    }
    return may;
  }

  /** Counts what is held; whether that is not too much. */
  private boolean hold() {
    long now = frames.room() + (long) waitingBytes + begunBytes;
    boolean may = shared.held().holds(wire.origin(), held, now);
    held = now;
    return may;
  }

  private boolean isFull() {
    return waiting.size() > MOST_WAITING || waitingBytes > MOST_WAITING_BYTES;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  /** How many messages have come. */
  long received() {
    return received;
  }

  /** The next message, of those that wait; it is counted until {@link #done}. */
  byte[] next() {
    boolean full = isFull();
    byte[] message = waiting.remove();
    waitingBytes -= message.length;
    begunBytes = message.length;
    if (full && !isFull()) {
      wire.resume();
      heard = shared.now();
    }
    return message;
  }

  /** The message that was begun is answered. */
  void done() {
    begunBytes = 0;
    hold();
  }

  /** Whether a message has been coming for too long. */
  boolean isStuck() {
    return frames.kept() > 0
        && !isFull()
        && shared.now() - partial > shared.readTimeout().toNanos();
  }

  /** Whether nothing has come for longer than that, though it was read. */
  boolean isQuiet(long nanos) {
    return !isFull() && shared.now() - heard > nanos;
  }

  /** What waits is not done. */
  void clear() {
    waiting.clear();
    waitingBytes = 0;
  }

  /** Nothing comes any more. */
  void close() {
    clear();
    shared.held().holds(wire.origin(), held, 0);
    held = 0;
  }
}
