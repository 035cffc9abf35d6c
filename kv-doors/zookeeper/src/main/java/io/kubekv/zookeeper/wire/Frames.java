package io.kubekv.zookeeper.wire;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts what comes into messages: each is its length in four bytes, and as many bytes. A length is
 * looked at before anything of the message is kept. Bytes are copied a few times at most, however
 * small the pieces are that they come in. Not thread-safe.
 */
public final class Frames {
  /** ZooKeeper's {@code jute.maxbuffer}. */
  public static final int MAX_LENGTH = 0xfffff;

  /** Of the first message; those of clients have 44 or 45. */
  public static final int MAX_FIRST_LENGTH = 128;

  private static final int LENGTH = 4;
  private static final byte[] NOTHING = new byte[0];

  private byte[] kept = NOTHING;

  /** Where the next message begins, and where what has come ends. */
  private int at;

  private int end;
  private boolean first = true;

  /** Takes some bytes more. */
  public void add(Buffer bytes) {
    int more = bytes.length();
    if (end + more > kept.length) {
      int held = kept();
      byte[] room = held + more > kept.length ? new byte[Math.max(held + more, 2 * held)] : kept;
      System.arraycopy(kept, at, room, 0, held);
      kept = room;
      at = 0;
      end = held;
    }
    bytes.getBytes(0, more, kept, end);
    end += more;
  }

  /** The four bytes that a message begins with, if they have come; they stay. */
  public Optional<Integer> beginning() {
    return kept() < LENGTH ? Optional.empty() : Optional.of(number());
  }

  private int number() {
    return (kept[at] & 0xff) << 24
        | (kept[at + 1] & 0xff) << 16
        | (kept[at + 2] & 0xff) << 8
        | kept[at + 3] & 0xff;
  }

  /**
   * The next message, if all of it has come.
   *
   * @throws IllegalArgumentException when its length is negative, or over the limit
   */
  public Optional<byte[]> next() {
    if (kept() < LENGTH) {
      return Optional.empty();
    }
    int length = number();
    if (length < 0 || length >= MAX_LENGTH || first && length > MAX_FIRST_LENGTH) {
      throw new IllegalArgumentException("a message has " + length + " bytes");
    }
    if (kept() < LENGTH + length) {
      return Optional.empty();
    }
    byte[] message = Arrays.copyOfRange(kept, at + LENGTH, at + LENGTH + length);
    at += LENGTH + length;
    first = false;
    if (kept() == 0) {
      kept = NOTHING;
      at = 0;
      end = 0;
    }
    return Optional.of(message);
  }

  /** Bytes that are kept until there are more. */
  public int kept() {
    return end - at;
  }

  /** The memory that they take. */
  public int room() {
    return kept.length;
  }
}
