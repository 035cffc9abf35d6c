package io.kubekv.transport.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in a file, read again when it has changed. What cannot be used is logged, and the
 * former content stays. Thread-safe.
 */
final class WatchedFile<T> {
  private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  private final Path file;
  private final Function<String, T> parser;
  private final LongSupplier nanoTime;
  private String text;
  private T content;
  private long looked;

  /**
   * Reads a file. Blocks.
   *
   * @param parser fails with {@link IllegalArgumentException} saying what is wrong
   * @throws IllegalArgumentException naming the file when it cannot be used
   */
  WatchedFile(Path file, Function<String, T> parser, LongSupplier nanoTime) {
    this.file = file;
    this.parser = parser;
    this.nanoTime = nanoTime;
    try {
      this.text = Files.readString(file);
      this.content = parser.apply(text);
    } catch (IOException | IllegalArgumentException unusable) {
      throw new IllegalArgumentException(problem(unusable), unusable);
    }
    this.looked = nanoTime.getAsLong();
  }

  private String problem(Exception unusable) {
    String why =
        unusable instanceof IOException
            ? unusable.toString()
            : String.valueOf(unusable.getMessage());
    return file + " cannot be used: " + why;
  }

  /** The content, at most a second old. May block to read it. */
  synchronized T content() {
    long now = nanoTime.getAsLong();
    if (now - looked >= LOOK_NANOS) {
      looked = now;
      look();
    }
    return content;
  }

  private void look() {
    try {
      String read = Files.readString(file);
      if (!read.equals(text)) {
        text = read;
        content = parser.apply(read);
        log.info("{} is read again", file);
      }
    } catch (IOException | IllegalArgumentException unusable) {
      log.warn("what stood there before stays: {}", problem(unusable));
    }
  }
}
