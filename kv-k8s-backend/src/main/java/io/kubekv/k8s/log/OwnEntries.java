package io.kubekv.k8s.log;

import io.kubekv.engine.log.LogEntry;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The entries that this replica has put into the ring and that are nowhere else yet, so that they
 * need not be read from there. Bounded: what has no place is read. Thread-safe.
 */
final class OwnEntries {
  private static final long MOST_BYTES = 8L << 20;

  /**
   * An entry as it stands in its slot.
   *
   * @param bytes not to be changed
   */
  record Stored(long nonce, long previousNonce, byte[] bytes) {}

  private final TreeMap<Long, Stored> entries = new TreeMap<>();
  private long bytes;

  synchronized void add(LogEntry entry, byte[] encoded) {
    if (bytes + encoded.length <= MOST_BYTES && !entries.containsKey(entry.position())) {
      entries.put(entry.position(), new Stored(entry.nonce(), entry.previousNonce(), encoded));
      bytes += encoded.length;
    }
  }

  synchronized Optional<Stored> get(long position) {
    return Optional.ofNullable(entries.get(position));
  }

  synchronized void forgetUpTo(long position) {
    var old = entries.headMap(position, true);
    old.values().forEach(entry -> bytes -= entry.bytes().length);
    old.clear();
  }
}
