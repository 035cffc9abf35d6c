package io.kubekv.transport.probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Programs are numbers, and a server tells each; the candidate does not bear all of them. */
class ProgramPairTest {
  private static final List<Integer> PROGRAM = IntStream.range(0, 40).boxed().toList();
  private static final ProgramPair.Explanation<Integer> NONE = (program, at, one, other) -> false;

  private static List<String> told(long seed, List<Integer> program) {
    return program.stream().map(step -> "told " + step).toList();
  }

  /** Tells 30 wrongly once it was asked 7. */
  private static List<String> wrong(long seed, List<Integer> program) {
    List<String> all = new ArrayList<>(told(seed, program));
    int at = program.indexOf(30);
    if (at > 0 && program.subList(0, at).contains(7)) {
      all.set(at, "wrong");
    }
    return all;
  }

  @Test
  void program_thatIsTheSameOnBoth_hasNoDifference() throws IOException {
    var pair = new ProgramPair<>("real", ProgramPairTest::told, ProgramPairTest::told, NONE);

    assertThat(pair.differs(1, PROGRAM)).isEmpty();
  }

  @Test
  void program_thatDiffers_isShortenedToTheStepsThatMatter() throws IOException {
    var pair = new ProgramPair<>("real", ProgramPairTest::told, ProgramPairTest::wrong, NONE);

    assertThat(pair.differs(5, PROGRAM))
        .contains(new ProgramPair.Difference<>(5, List.of(7, 30), 1, "told 30", "wrong"));
  }

  @Test
  void difference_thatIsExplained_isNone() throws IOException {
    ProgramPair.Explanation<Integer> known =
        (program, at, one, other) -> program.get(at) == 30 && other.equals("wrong");
    var pair = new ProgramPair<>("real", ProgramPairTest::told, ProgramPairTest::wrong, known);

    assertThat(pair.differs(1, PROGRAM)).isEmpty();
  }

  @Test
  void candidate_thatTellsLess_differs() throws IOException {
    ProgramPair.Side<Integer> less = (seed, program) -> List.of();
    var pair = new ProgramPair<>("real", ProgramPairTest::told, less, NONE);

    assertThat(pair.differs(1, List.of(4)))
        .isEqualTo(
            Optional.of(new ProgramPair.Difference<>(1, List.of(4), 0, "told 4", "nothing")));
  }

  @Test
  void server_thatDoesNotAnswer_endsTheRun() {
    ProgramPair.Side<Integer> silent =
        (seed, program) -> {
          throw new IOException("no answer");
        };
    var pair = new ProgramPair<>("real", ProgramPairTest::told, silent, NONE);

    assertThatThrownBy(() -> pair.differs(9, PROGRAM))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the candidate")
        .hasMessageContaining("seed 9")
        .hasMessageContaining("no answer");
  }
}
