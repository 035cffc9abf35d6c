package io.kubekv.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How an embedded API server is run. It always listens on the loopback address.
 *
 * @param dataDirectory where objects are kept, made if missing and locked while the server runs;
 *     absent keeps everything in memory only, for tests
 * @param port TCP port, 0 for a free one
 * @param historyRetention how far back lists and watches reach at least, also across restarts, as
 *     long as {@code historyBytes} suffice
 * @param historyBytes most bytes of superseded states that are kept; history is shorter when writes
 *     exceed it
 * @param bookmarkInterval how often a watch that asked for bookmarks gets one
 * @param clock wall clock for timestamps and for the age of history
 */
public record EmbeddedApiServerConfig(
    Optional<Path> dataDirectory,
    int port,
    Duration historyRetention,
    long historyBytes,
    Duration bookmarkInterval,
    InstantSource clock) {
  private static final int MAX_PORT = 65_535;

  /** Of history by default, where an eighth of the heap is no less. */
  private static final long MAX_HISTORY_BYTES = 128L << 20;

  /** Refuses impossible values by the name of the field. */
  public EmbeddedApiServerConfig {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " is not between 0 and 65535");
    }
    requirePositive("historyRetention", historyRetention);
    requirePositive("bookmarkInterval", bookmarkInterval);
    if (historyBytes <= 0) {
      throw new IllegalArgumentException("historyBytes: " + historyBytes + " is not positive");
    }
  }

  private static void requirePositive(String field, Duration value) {
    if (value.toMillis() <= 0) {
      throw new IllegalArgumentException(field + ": " + value + " is less than a millisecond");
    }
  }

  /** Everything in memory, on a free port. */
  public static EmbeddedApiServerConfig inMemory() {
    return new EmbeddedApiServerConfig(
        Optional.empty(),
        0,
        Duration.ofMinutes(5),
        Math.min(MAX_HISTORY_BYTES, Runtime.getRuntime().maxMemory() / 8),
        Duration.ofSeconds(10),
        InstantSource.system());
  }

  /** Durable in this directory, on a free port. */
  public static EmbeddedApiServerConfig durable(Path dataDirectory) {
    return inMemory().withDataDirectory(dataDirectory);
  }

  /** The same with another data directory. */
  public EmbeddedApiServerConfig withDataDirectory(Path directory) {
    return new EmbeddedApiServerConfig(
        Optional.of(directory), port, historyRetention, historyBytes, bookmarkInterval, clock);
  }

  /** The same with another port. */
  public EmbeddedApiServerConfig withPort(int newPort) {
    return new EmbeddedApiServerConfig(
        dataDirectory, newPort, historyRetention, historyBytes, bookmarkInterval, clock);
  }

  /** The same with another retention of history, in time and in bytes. */
  public EmbeddedApiServerConfig withHistory(Duration retention, long bytes) {
    return new EmbeddedApiServerConfig(
        dataDirectory, port, retention, bytes, bookmarkInterval, clock);
  }

  /** The same with another interval of bookmarks. */
  public EmbeddedApiServerConfig withBookmarkInterval(Duration interval) {
    return new EmbeddedApiServerConfig(
        dataDirectory, port, historyRetention, historyBytes, interval, clock);
  }

  /** The same with another clock. */
  public EmbeddedApiServerConfig withClock(InstantSource newClock) {
    return new EmbeddedApiServerConfig(
        dataDirectory, port, historyRetention, historyBytes, bookmarkInterval, newClock);
  }
}
