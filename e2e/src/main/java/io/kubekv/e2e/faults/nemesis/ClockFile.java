package io.kubekv.e2e.faults.nemesis;

import io.kubekv.e2e.faults.agent.Clock;
import io.kubekv.e2e.faults.agent.Mistake;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** What one replica's clocks are off by, and its mistake; it maps the same file. */
final class ClockFile {
  private final Path path;
  private final MappedByteBuffer offsets;

  ClockFile(Path path) throws IOException {
    this.path = path;
    try (FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      offsets = file.map(FileChannel.MapMode.READ_WRITE, 0, Clock.BYTES);
    }
  }

  Path path() {
    return path;
  }

  /** The wall clock shows so much more than the machine's. */
  void setWall(Duration offset) {
    offsets.putLong(Clock.WALL, offset.toNanos());
  }

  /** This mistake is made from now on; none where it is empty. */
  void setMistake(Optional<Mistake> mistake) {
    offsets.putLong(Clock.MISTAKE, mistake.map(one -> one.ordinal() + 1L).orElse(0L));
  }

  /** So much more time has passed since boot: the machine was suspended. */
  void addBoot(Duration more) {
    offsets.putLong(Clock.BOOT, offsets.getLong(Clock.BOOT) + more.toNanos());
  }
}
