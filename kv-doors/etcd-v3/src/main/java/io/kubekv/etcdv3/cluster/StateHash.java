package io.kubekv.etcdv3.cluster;

import io.kubekv.Entry;
import io.kubekv.etcdv3.keys.LeaseIds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A number that two replicas have in common when they have the same keys at a revision, and most
 * likely not otherwise. Not etcd's: that is one of its files.
 */
final class StateHash {
  private StateHash() {}

  static int of(List<Entry> entries) {
    CRC32C sum = new CRC32C();
    ByteBuffer numbers = ByteBuffer.allocate(6 * Long.BYTES);
    for (Entry entry : entries) {
      byte[] key = entry.key().text().getBytes(StandardCharsets.UTF_8);
      numbers
          .clear()
          .putLong(key.length)
          .putLong(entry.value().size())
          .putLong(entry.createRevision().value())
          .putLong(entry.modifyRevision().value())
          .putLong(entry.version())
          .putLong(LeaseIds.of(entry.attachedTo()))
          .flip();
      sum.update(numbers);
      sum.update(key);
      sum.update(entry.value().toBuffer());
    }
    return (int) sum.getValue();
  }
}
