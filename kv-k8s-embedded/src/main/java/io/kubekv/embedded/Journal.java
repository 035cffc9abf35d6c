package io.kubekv.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Where committed changes are kept so that they survive the process. Used by the writer thread
 * alone.
 */
interface Journal extends AutoCloseable {

  /**
   * One change as it is stored.
   *
   * @param revision number of the change, ascending without repetition
   * @param committedAt wall-clock time of the commit, milliseconds since the epoch
   * @param resource the table, {@code group/plural}
   * @param key the object's key within the table
   * @param deleted whether the change deleted the object
   * @param json the object after the change; for a deletion its last state with the new revision
   */
  record Entry(
      long revision, long committedAt, String resource, String key, boolean deleted, byte[] json) {

    /** Over everything, so that a change that was damaged on the disk is never taken for one. */
    long checksum() {
      CRC32C crc = new CRC32C();
      byte[] names = (resource + "\0" + key).getBytes(StandardCharsets.UTF_8);
      ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + 1);
      numbers.putLong(revision).putLong(committedAt).putInt(names.length);
      numbers.put((byte) (deleted ? 1 : 0)).flip();
      crc.update(numbers);
      crc.update(names);
      crc.update(json);
      return crc.getValue();
    }
  }

  /** Takes one stored change. */
  interface Reader {
    void read(Entry entry) throws StorageException;
  }

  /** Feeds every stored change to {@code each}, in order, and returns the compaction floor. */
  long replay(Reader each) throws StorageException;

  /**
   * Stores the changes, all or none; when it returns they survive a crash of process and machine.
   *
   * @throws StorageException when they were not stored; later calls may succeed
   */
  void append(List<Entry> changes) throws StorageException;

  /** Records that history begins after {@code floor} and forgets these revisions, all or none. */
  void compact(long floor, List<Long> superseded) throws StorageException;

  /**
   * The disk is full: gives up what was kept for this, so that small changes have room.
   *
   * @see #hasSpace
   */
  default void useReserve() {}

  /** Whether large changes have room again, or still; to be asked every so often. */
  default boolean hasSpace() {
    return true;
  }

  /** House-keeping between batches that must not run beside an append; short. */
  void betweenBatches();

  @Override
  void close();

  /** A journal for tests: keeps nothing, so that nothing outlives the process. */
  static Journal inMemory() {
    return new Journal() {
      @Override
      public long replay(Reader each) {
        return 0;
      }

      @Override
      public void append(List<Entry> changes) {}

      @Override
      public void compact(long floor, List<Long> superseded) {}

      @Override
      public void betweenBatches() {}

      @Override
      public void close() {}
    };
  }
}
