package io.kubekv.k8s.log;

import io.kubekv.Bytes;
import io.kubekv.engine.log.EntryCodec;
import io.kubekv.engine.log.LogEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries that follow one another as one content: each as in its slot, after its length in four
 * bytes. Not thread-safe.
 */
final class SegmentContent {
  /** A large entry has one of its own; in base64 that is what an object takes. */
  static final int MOST_BYTES = KubernetesLog.MAX_ENTRY_BYTES + (8 << 10);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  boolean isEmpty() {
    return bytes.size() == 0;
  }

  boolean hasRoomFor(byte[] entry) {
    return isEmpty() || bytes.size() + Integer.BYTES + entry.length <= MOST_BYTES;
  }

  void add(byte[] entry) {
    bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(entry.length).array());
    bytes.writeBytes(entry);
  }

  /** What it has come to; it begins anew. */
  Bytes take() {
    Bytes content = Bytes.copyOf(bytes.toByteArray());
    bytes.reset();
    return content;
  }

  /**
   * Reads what was written.
   *
   * @throws IOException when these are no entries
   */
  static List<LogEntry> read(Bytes content) throws IOException {
    ByteBuffer left = content.toBuffer();
    List<LogEntry> entries = new ArrayList<>();
    while (left.hasRemaining()) {
      int length = left.remaining() < Integer.BYTES ? -1 : left.getInt();
      if (length < 0 || length > left.remaining()) {
        throw new IOException("its entries are cut off");
      }
      byte[] entry = new byte[length];
      left.get(entry);
      entries.add(EntryCodec.decode(entry));
    }
    return entries;
  }
}
