package io.kubekv.cost;

/** The bytes of changes in an entry of the log, and of keys in a snapshot: protobuf, unpacked. */
public final class EntrySize {
  /** Create and modify revision of seven digits, and a version of up to 127. */
  private static final int NUMBERS = 4 + 4 + 2;

  private static final int CAUSE = 2;
  private static final int OFFSET = 2;
  private static final int IS_DIRECTORY = 2;

  /** Position, epoch, both nonces, the reader's version and the first revision. */
  private static final int ENTRY = 4 + 2 + 9 + 9 + 2 + 4;

  /** How the engine counts a change, and what an entry has besides. */
  private static final int COUNTED_CHANGE = 96;

  private static final int COUNTED_RECORD = 96;
  private static final int COUNTED_ENTRY = 64;

  private final Workload.Contents contents;

  public EntrySize(Workload.Contents contents) {
    this.contents = contents;
  }

  /** What is there once in each entry. */
  public static long entry() {
    return ENTRY;
  }

  /** A put of a key with its value. */
  public long put() {
    return commit(field(key(contents.valueBytes())) + CAUSE);
  }

  /** A directory that is made for a key. */
  public long directory() {
    return commit(field(key(0) + IS_DIRECTORY) + CAUSE);
  }

  public long delete() {
    return commit(field(contents.keyBytes()) + CAUSE);
  }

  /** A put as it is counted until a snapshot is due. */
  public long countedPut() {
    return COUNTED_CHANGE + COUNTED_RECORD + contents.keyBytes() + contents.valueBytes();
  }

  long countedDirectory() {
    return COUNTED_CHANGE + COUNTED_RECORD + contents.keyBytes();
  }

  /** A delete as it is counted. */
  public long countedDelete() {
    return COUNTED_CHANGE + contents.keyBytes();
  }

  /** What is counted once for each entry. */
  public static long countedEntry() {
    return COUNTED_ENTRY;
  }

  /** A key in a snapshot. */
  public long record() {
    long record = field(key(contents.valueBytes()));
    return varint(record) + record;
  }

  private long key(long value) {
    return field(contents.keyBytes()) + (value == 0 ? 0 : field(value)) + NUMBERS;
  }

  private static long commit(long change) {
    return field(OFFSET + field(field(change)));
  }

  /** A field of so many bytes, with its number and its length. */
  private static long field(long bytes) {
    return 1 + varint(bytes) + bytes;
  }

  private static long varint(long number) {
    return Math.max(1, Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(number), 7));
  }
}
