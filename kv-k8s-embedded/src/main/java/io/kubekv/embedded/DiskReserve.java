package io.kubekv.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  private final long wanted;
  private long held;

  /**
   * @param file the file that is the reserve
   */
  DiskReserve(Path file) throws IOException {
    this.file = file;
    this.wanted = Math.min(BYTES, store().getTotalSpace() / 4);
    this.held = size(file);
  }

  private FileStore store() throws IOException {
    return Files.getFileStore(file.toAbsolutePath().getParent());
  }

  /** How large it is to be. */
  long wanted() {
    return wanted;
  }

  /** How large it is. */
  long held() {
    return held;
  }

  /** What else is free on its disk. */
  long usable() throws IOException {
    return store().getUsableSpace();
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

  /** Takes a little more, so that nobody waits for long. */
  void grow() {
    if (isWhole()) {
      return;
    }
    byte[] noise = new byte[STEP]; // a file system that compresses would give no space for zeros
    new Random(held).nextBytes(noise);
    try (OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(noise);
      held += STEP;
    } catch (IOException full) {
      log.debug("the reserve {} cannot grow", file, full);
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
