package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reserve makes of file systems that are very large, or do not say how large they are. */
class DiskReserveTest {
  private static final long WANTED = 32L << 20;
  private static final long STEP = 1L << 20;

  @TempDir Path directory;

  private record Said(long total, long usable) implements DiskReserve.Space {}

  private DiskReserve reserve(long total, long usable) throws IOException {
    return new DiskReserve(directory.resolve("reserve"), new Said(total, usable));
  }

  @Test
  void reserve_ofASmallDisk_isAQuarterOfIt() throws Exception {
    DiskReserve reserve = reserve(100L << 20, 10L << 20);

    assertThat(reserve.wanted()).isEqualTo(25L << 20);
    assertThat(reserve.grow()).isTrue();
    assertThat(reserve.room()).as("what is free and what it holds").isEqualTo(11L << 20);
    assertThat(Files.size(directory.resolve("reserve"))).isEqualTo(STEP);
  }

  @Test
  void room_ofAVeryLargeFileSystem_isNotLessThanNothing() throws Exception {
    DiskReserve reserve = reserve(Long.MAX_VALUE, Long.MAX_VALUE);
    reserve.grow();

    assertThat(reserve.wanted()).isEqualTo(WANTED);
    assertThat(reserve.room()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void fileSystemThatDoesNotSay_hasRoomWhileTheReserveCanGrow() throws Exception {
    for (long said : new long[] {0, -1, Long.MIN_VALUE}) {
      DiskReserve reserve = reserve(said, said);

      assertThat(reserve.wanted()).as("told %d", said).isEqualTo(WANTED);
      assertThat(reserve.room()).as("told %d", said).isEqualTo(Long.MAX_VALUE);
    }
  }

  @Test
  void fileSystemThatHasNothing_andNoRoomForTheReserve_isFull() throws Exception {
    DiskReserve reserve =
        new DiskReserve(directory.resolve("missing").resolve("reserve"), new Said(1L << 30, 0));

    assertThat(reserve.room()).isZero();
  }
}
