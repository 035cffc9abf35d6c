package io.kubekv.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disk space that is kept for when there is no other: a file beside the database that is removed
 * when the disk is full, so that deletes, renewals of leases and the clearing up after them have
 * room. Used by the thread that has the commit's turn.
 */
final class DiskReserve {
  private static final Logger log = LoggerFactory.getLogger(DiskReserve.class);

  /** What the log may hold that is not yet moved into the file, and as much again. */
  private static final long BYTES = 32L << 20;

  private static final int STEP = 1 << 20;

  private final Path file;
  private final Space space;
  private final long wanted;
  private long held;

  /**
   * What a file system says of itself, in bytes; 0 or less where it is too large for that, or does
   * not say.
   */
  interface Space {
    long total() throws IOException;

    long usable() throws IOException;
  }

  /**
   * @param file the file that is the reserve
   */
  DiskReserve(Path file) throws IOException {
    this(file, new DirectorySpace(file));
  }

  DiskReserve(Path file, Space space) throws IOException {
    this.file = file;
    this.space = space;
    long total = space.total();
    this.wanted = total <= 0 ? BYTES : Math.min(BYTES, total / 4);
    this.held = size(file);
  }

  /**
   * That of the directory of a file. A {@link java.nio.file.FileStore} would be looked up among the
   * mounts, where a process that has another root does not find its own.
   */
  private record DirectorySpace(Path file) implements Space {
    private File directory() {
      return Objects.requireNonNull(file.toAbsolutePath().getParent()).toFile();
    }

    @Override
    public long total() {
      return directory().getTotalSpace();
    }

    @Override
    public long usable() {
      return directory().getUsableSpace();
    }
  }

  /** How large it is to be. */
  long wanted() {
    return wanted;
  }

  /**
   * What is free on its disk and what it holds; {@link Long#MAX_VALUE} when the file system does
   * not say and the reserve could grow.
   */
  long room() throws IOException {
    long usable = space.usable();
    if (usable <= 0) {
      return grow() ? Long.MAX_VALUE : held;
    }
    return usable > Long.MAX_VALUE - held ? Long.MAX_VALUE : usable + held;
  }

  private static long size(Path file) {
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException unreadable) {
      return 0;
    }
  }

  boolean isWhole() {
    return held >= wanted;
  }

  /** Takes a little more, so that nobody waits for long; false when the disk has no room. */
  boolean grow() {
    if (isWhole()) {
      return true;
    }
    byte[] noise = new byte[STEP]; // a file system that compresses would give no space for zeros
    new Random(held).nextBytes(noise);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      try {
        writeAll(out, ByteBuffer.wrap(noise));
      } catch (IOException full) {
        out.truncate(held);
        throw full;
      }
      held += STEP;
      return true;
    } catch (IOException full) {
      log.debug("the reserve {} cannot grow", file, full);
      return false;
    }
  }

  private void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    out.position(held);
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  void release() {
    try {
      Files.deleteIfExists(file);
      held = 0;
    } catch (IOException stuck) {
      log.warn("the reserve {} cannot be removed", file, stuck);
    }
  }
}
