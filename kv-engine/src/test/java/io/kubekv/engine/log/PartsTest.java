package io.kubekv.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.engine.state.Change;
import io.kubekv.engine.state.Commit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartsTest {
  private static final int MOST = 1_000;

  private final Parts parts = new Parts();
  private long position;

  /** One change that is much larger than an entry, and does not pack well. */
  private static List<Commit> large() {
    Random random = new Random(1);
    List<Key> below =
        IntStream.range(0, 500).mapToObj(i -> Key.of("a/" + random.nextLong())).toList();
    return List.of(
        new Commit(new Revision(7), List.of(new Change.Delete(Key.of("a"), below, Cause.DELETE))));
  }

  private LogEntry entry(long epoch, List<Commit> commits, Optional<LogEntry.Part> part)
      throws IOException {
    LogEntry entry =
        new LogEntry(
            ++position,
            epoch,
            1,
            0,
            commits,
            LogEntry.READER,
            OptionalLong.empty(),
            part,
            OptionalLong.empty());
    assertThat(EntryCodec.decode(EntryCodec.encode(entry))).isEqualTo(entry);
    return entry;
  }

  private List<Commit> take(long epoch, LogEntry.Part part) throws IOException {
    return parts.take(entry(epoch, List.of(), Optional.of(part)));
  }

  @Test
  void largeChange_isWholeWithItsLastPart() throws IOException {
    List<LogEntry.Part> cut = Parts.cut(large(), MOST);

    assertThat(cut).hasSizeGreaterThan(3);
    for (LogEntry.Part part : cut.subList(0, cut.size() - 1)) {
      assertThat(part.last()).isFalse();
      assertThat(take(1, part)).isEmpty();
    }
    assertThat(take(1, cut.getLast())).isEqualTo(large());
  }

  @Test
  void parts_fitIntoEntries() throws IOException {
    for (LogEntry.Part part : Parts.cut(large(), MOST)) {
      assertThat(entry(1, List.of(), Optional.of(part)).bytes()).isLessThanOrEqualTo(MOST);
    }
  }

  @Test
  void anotherEntryBetweenParts_makesThemVoid() throws IOException {
    List<LogEntry.Part> cut = Parts.cut(large(), MOST);
    assertThat(take(1, cut.getFirst())).isEmpty();
    assertThat(parts.take(entry(2, List.of(), Optional.empty()))).isEmpty();

    assertThatThrownBy(() -> take(2, cut.get(1))).isInstanceOf(IOException.class);
    for (LogEntry.Part part : cut.subList(0, cut.size() - 1)) {
      assertThat(take(2, part)).isEmpty();
    }
    assertThat(take(2, cut.getLast())).isEqualTo(large());
  }

  private LogEntry standIn() {
    return LogEntry.standIn(++position, 1, 1, 0, position + 1);
  }

  @Test
  void changeOfWhichAPartIsPassedOver_isDroppedWhole() throws IOException {
    List<LogEntry.Part> cut = Parts.cut(large(), MOST);
    for (int lost = 0; lost < cut.size(); lost++) {
      for (int number = 0; number < cut.size(); number++) {
        if (number == lost) {
          assertThat(parts.take(standIn())).isEmpty();
        } else {
          assertThat(take(1, cut.get(number))).isEmpty();
        }
        boolean maybeMore = number < cut.size() - 1 || lost == number;
        assertThat(parts.areOpen()).isEqualTo(maybeMore);
      }
      for (LogEntry.Part part : cut.subList(0, cut.size() - 1)) {
        assertThat(take(1, part)).isEmpty();
      }
      assertThat(take(1, cut.getLast())).isEqualTo(large());
    }
  }

  @Test
  void partsAfterAStandIn_areDroppedUntilAnEntryThatIsWhole() throws IOException {
    List<LogEntry.Part> cut = Parts.cut(large(), MOST);
    assertThat(parts.take(standIn())).isEmpty();
    assertThat(take(1, cut.get(1))).isEmpty();
    assertThat(parts.take(entry(2, large(), Optional.empty()))).isEqualTo(large());
    assertThat(parts.areOpen()).isFalse();

    assertThatThrownBy(() -> take(2, cut.get(2))).isInstanceOf(IOException.class);
  }

  @Test
  void partOfAnotherEpoch_isRefused() throws IOException {
    List<LogEntry.Part> cut = Parts.cut(large(), MOST);
    assertThat(take(1, cut.getFirst())).isEmpty();

    assertThatThrownBy(() -> take(2, cut.get(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("part 1");
  }

  @Test
  void partsThatMakeNoChange_areRefused() {
    LogEntry.Part broken = new LogEntry.Part(0, true, Bytes.copyOf(new byte[] {1, 2, 3}));

    assertThatThrownBy(() -> take(1, broken)).isInstanceOf(IOException.class);
  }
}
