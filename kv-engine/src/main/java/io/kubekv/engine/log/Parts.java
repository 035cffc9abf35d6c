package io.kubekv.engine.log;

import io.kubekv.Bytes;
import io.kubekv.engine.state.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes that are larger than an entry may be: cut into parts, and put together again when the
 * last is decided. What comes between parts and is not the next of them makes those before it void.
 * After an entry that stands in for one that may have been a part, the parts that are left of that
 * change are dropped. For one thread at a time.
 */
public final class Parts {
  private final List<Bytes> open = new ArrayList<>();
  private long epoch;
  private long bytes;

  /** Whether the next part may be of a change of which an operator has passed over another. */
  private boolean dropping;

  /** How large a change may be that goes into this log. */
  public static long mostBytes(Log log) {
    long together = (long) log.maxParts() * log.maxEntryBytes();
    return Math.max(log.maxEntryBytes(), Math.min(together, EntryCodec.MOST_WRITTEN_BYTES));
  }

  /** Cuts commits into parts that an entry of this size can hold. */
  public static List<LogEntry.Part> cut(List<Commit> commits, int maxEntryBytes) {
    byte[] whole = EntryCodec.encodeCommits(commits);
    int most = maxEntryBytes - LogEntry.HEADER_BYTES;
    List<LogEntry.Part> parts = new ArrayList<>();
    for (int from = 0; from < whole.length; from += most) {
      int to = Math.min(from + most, whole.length);
      Bytes content = Bytes.copyOf(Arrays.copyOfRange(whole, from, to));
      parts.add(new LogEntry.Part(parts.size(), to == whole.length, content));
    }
    return parts;
  }

  /**
   * Takes the next decided entry.
   *
   * @return the commits that are whole with it
   * @throws IOException when it is no part of anything, or what the parts make is no change
   */
  public List<Commit> take(LogEntry entry) throws IOException {
    if (entry.part().isEmpty()) {
      clear();
      dropping = entry.standsInUntil().isPresent();
      return entry.commits();
    }
    LogEntry.Part part = entry.part().get();
    if (part.number() == 0) {
      clear();
      epoch = entry.epoch();
    }
    if (dropping) {
      dropping = !part.last();
      return List.of();
    }
    bytes += part.content().size();
    if (part.number() != open.size() || epoch != entry.epoch() || bytes > EntryCodec.MOST_BYTES) {
      throw new IOException("part %d has none before it".formatted(part.number()));
    }
    open.add(part.content());
    if (!part.last()) {
      return List.of();
    }
    List<Commit> whole = EntryCodec.decodeCommits(open);
    clear();
    return whole;
  }

  /** Whether parts were taken that are not whole yet, or such may come that are to be dropped. */
  public boolean areOpen() {
    return dropping || !open.isEmpty();
  }

  /** Forgets the parts that were not whole. */
  public void clear() {
    dropping = false;
    open.clear();
    bytes = 0;
  }
}
