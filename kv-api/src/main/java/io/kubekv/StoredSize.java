package io.kubekv;

import java.nio.charset.StandardCharsets;

/**
 * How much memory things take in a store, about, as {@link StoreStatus#bytes} counts them: their
 * texts and values, and what is kept beside these.
 */
public final class StoredSize {
  /** Beside the texts and the value: the objects that hold them, and their place in an index. */
  public static final long OVERHEAD_BYTES = 700;

  private static final long ATTACHED_BYTES = 64;

  private StoredSize() {}

  /** Of an entry with a value of so many bytes. */
  public static long of(Key key, long valueBytes) {
    return OVERHEAD_BYTES + key.size() + valueBytes;
  }

  public static long of(Entry entry) {
    return of(entry.key(), entry.value().size());
  }

  public static long of(SessionSpec session) {
    return OVERHEAD_BYTES + bytes(session.name()) + bytes(session.note());
  }

  /** Of a key beside its entry, where it is attached to a session. */
  public static long ofAttached(Key key) {
    return ATTACHED_BYTES + key.size();
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
