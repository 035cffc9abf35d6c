package io.kubekv.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The last revision that was acknowledged, in a file of its own. A database that has come back with
 * less has lost something: a log that is damaged in the middle looks like one that ends there.
 *
 * <p>It is written after each commit and never synced: after a crash of the machine it may be
 * behind, which only makes the check weaker. A file that cannot be read says nothing.
 */
final class AcknowledgedRevision implements AutoCloseable {
  private static final int BYTES = 2 * Long.BYTES;

  private final FileChannel channel;

  private AcknowledgedRevision(FileChannel channel) {
    this.channel = channel;
  }

  static AcknowledgedRevision open(Path file) throws IOException {
    return new AcknowledgedRevision(
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /** 0 when nothing is known. */
  long read() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    channel.read(bytes, 0);
    if (bytes.hasRemaining()) {
      return 0;
    }
    long revision = bytes.getLong(0);
    return bytes.getLong(Long.BYTES) == checksum(revision) ? revision : 0;
  }

  void write(long revision) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(revision).putLong(checksum(revision)).flip();
    channel.write(bytes, 0);
  }

  static long checksum(long revision) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(revision).flip());
    return crc.getValue();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
