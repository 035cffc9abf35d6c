package io.kubekv.transport.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {
  @TempDir Path folder;

  private final ManualTicker ticker = new ManualTicker();

  private static String parse(String text) {
    if (text.startsWith("bad")) {
      throw new IllegalArgumentException("it is bad");
    }
    return text;
  }

  @Test
  void change_isReadAfterASecond_andWhatCannotBeUsedLeavesTheFormer() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "one");
    WatchedFile<String> watched = new WatchedFile<>(file, WatchedFileTest::parse, ticker::read);
    Files.writeString(file, "two");
    assertThat(watched.content()).isEqualTo("one");

    ticker.advance(Duration.ofSeconds(1));
    assertThat(watched.content()).isEqualTo("two");

    Files.writeString(file, "bad");
    ticker.advance(Duration.ofSeconds(1));
    assertThat(watched.content()).isEqualTo("two");

    Files.delete(file);
    ticker.advance(Duration.ofSeconds(1));
    assertThat(watched.content()).isEqualTo("two");

    Files.writeString(file, "three");
    ticker.advance(Duration.ofSeconds(1));
    assertThat(watched.content()).isEqualTo("three");
  }
}
