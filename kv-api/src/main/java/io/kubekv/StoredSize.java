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
  private static final long METADATA_BYTES = 64;
  private static final long DIRECTORY_BYTES = 200;

  private StoredSize() {}

  /** Of an entry with a value of so many bytes. */
  public static long of(Key key, long valueBytes) {
    return OVERHEAD_BYTES + key.size() + valueBytes;
  }

  public static long of(Entry entry) {
    return of(entry.key(), entry.value().size()) + ofMetadata(entry);
  }

  /** Of what an entry has beside its value. */
  public static long ofMetadata(Entry entry) {
    return entry.metadata().equals(Metadata.NONE) ? 0 : ofMetadata(entry.metadata().content());
  }

  /** Of metadata with this content. */
  public static long ofMetadata(Bytes content) {
    return METADATA_BYTES + content.size();
  }

  /** The most that the entry of a put takes, and the directories that are counted of its key. */
  public static long most(PutRequest put) {
    return of(put.key(), put.value().size())
        + (put.metadata().size() == 0 ? 0 : ofMetadata(put.metadata()))
        + ofDirectories(put.key());
  }

  /** Of what is counted of all directories that a key is in, the top not included. */
  public static long ofDirectories(Key key) {
    long all = 0;
    long bytes = 0;
    for (int i = 0; i < key.text().length(); i++) {
      char letter = key.text().charAt(i);
      bytes += letter < 0x80 ? 1 : letter < 0x800 || Character.isSurrogate(letter) ? 2 : 3;
      all += letter == '/' ? DIRECTORY_BYTES + bytes : 0;
    }
    return all;
  }

  /** Of what is counted of one directory. */
  public static long ofDirectory(String directory) {
    return DIRECTORY_BYTES + bytes(directory);
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
