package io.kubekv.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Bytes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What two values differ in. */
final class DiffTest {
  private static List<String> of(String before, String after) {
    return Diff.of(Bytes.utf8(before), Bytes.utf8(after)).lines().stream()
        .map(line -> line.kind().sign() + line.text())
        .toList();
  }

  private static String numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
  }

  @Test
  void linesThatDiffer_areShown() {
    assertThat(of("a\nb\nc", "a\nx\nc")).containsExactly(" a", "−b", "+x", " c");
    assertThat(of("", "a")).containsExactly("+a");
    assertThat(of("a", "")).containsExactly("−a");
    assertThat(of("a", "a")).isEmpty();
  }

  @Test
  void ofManyThatAreTheSame_aFewAreShown() {
    List<String> lines = of(numbers(0, 100), numbers(0, 50) + "\nx\n" + numbers(51, 100));

    assertThat(lines)
        .containsExactly(
            "⋯47 lines that are the same",
            " 47",
            " 48",
            " 49",
            "−50",
            "+x",
            " 51",
            " 52",
            " 53",
            "⋯46 lines that are the same");
  }

  @Test
  void json_isComparedAsItIsLaidOut() {
    assertThat(of("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}"))
        .anyMatch(line -> line.startsWith("−") && line.contains("\"b\" : 2"))
        .anyMatch(line -> line.startsWith("+") && line.contains("\"b\" : 3"))
        .anyMatch(line -> line.startsWith(" ") && line.contains("\"a\" : 1"));
  }

  /** Else a change would look as if there were none. */
  @Test
  void jsonThatDiffersInSpaceAlone_isComparedAsText() {
    assertThat(of("{\"a\":1}", "{\"a\": 1}")).containsExactly("−{\"a\":1}", "+{\"a\": 1}");
  }

  @Test
  void whatIsNoText_isComparedInHexadecimal() {
    Diff diff = Diff.of(Bytes.copyOf(new byte[] {0, -1}), Bytes.copyOf(new byte[] {1, -1}));

    assertThat(diff.lines())
        .extracting(Diff.Line::kind)
        .containsExactly(Diff.Kind.REMOVED, Diff.Kind.ADDED);
    assertThat(diff.lines().getFirst().text()).startsWith("00000000  00 ff");
  }

  @Test
  void largeValuesThatDifferEverywhere_areComparedInTheirBeginnings() {
    String before = numbers(0, 200_000);
    String after = numbers(1_000_000, 1_200_000);

    Diff diff = Diff.of(Bytes.utf8(before), Bytes.utf8(after));

    assertThat(diff.cut()).isTrue();
    assertThat(diff.lines()).hasSize(2000);
  }
}
