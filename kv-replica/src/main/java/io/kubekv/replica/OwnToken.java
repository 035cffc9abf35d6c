package io.kubekv.replica;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer token by which the holder of the lease knows this replica: what stands in a file that
 * others replace from time to time. Thread-safe.
 */
final class OwnToken implements Supplier<String> {
  private static final Logger log = LoggerFactory.getLogger(OwnToken.class);
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final Path file;
  private volatile Read last;

  private record Read(String token, long nanos) {}

  OwnToken(Path file) {
    this.file = file;
    this.last = read("");
  }

  private Read read(String former) {
    try {
      return new Read(Files.readString(file).strip(), System.nanoTime());
    } catch (IOException unreadable) {
      log.warn("the replica's own token cannot be read: {}", unreadable.toString());
      return new Read(former, System.nanoTime());
    }
  }

  /** At most ten seconds old; a former one while the file cannot be read. */
  @Override
  public String get() {
    Read known = last;
    if (System.nanoTime() - known.nanos() > LOOK.toNanos()) {
      known = read(known.token());
      last = known;
    }
    return known.token();
  }
}
