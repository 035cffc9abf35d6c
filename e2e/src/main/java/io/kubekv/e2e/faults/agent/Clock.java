package io.kubekv.e2e.faults.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What this process's clocks are off by, and which mistake it makes; another process writes it into
 * a file that both map.
 */
public final class Clock {
  /** How long the file is. */
  public static final int BYTES = 24;

  /** Where the wall clock's offset is, in nanoseconds. */
  public static final int WALL = 0;

  /** Where the offset of the time since boot is. */
  public static final int BOOT = 8;

  /** Where the number of the mistake is: one more than its place among them, 0 for none. */
  public static final int MISTAKE = 16;

  private static volatile ByteBuffer offsets = ByteBuffer.allocate(BYTES);

  private Clock() {}

  static void map(Path path) {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      offsets = file.map(FileChannel.MapMode.READ_ONLY, 0, BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot map " + path, e);
    }
  }

  /** Nanoseconds that the wall clock is ahead. */
  public static long wall() {
    return offsets.getLong(WALL);
  }

  /** Whether a mistake is to be made now. */
  public static boolean makes(Mistake mistake) {
    return offsets.getLong(MISTAKE) == mistake.ordinal() + 1L;
  }

  /** Nanoseconds that the time since boot is ahead. */
  public static long boot() {
    return offsets.getLong(BOOT);
  }
}
