package io.kubekv.zookeeper.probes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What of {@code exists} is left to 3.8.0: that it tells those who may not read the node. */
final class ProbePairTest {
  private static final String SHUT = "err -102 ";
  private static final String STAT = "err 0  {version 0}";

  private static String asked(String answer, String read) {
    return answer + Probed.READ_AFTER + read;
  }

  @Test
  void exists_ofWhatMayNotBeRead_isExplained() {
    assertThat(ProbePair.isExplained(asked(STAT, SHUT), asked(SHUT, SHUT))).isTrue();
    String event = "event 3 state 3 /r/a\n";
    assertThat(ProbePair.isExplained(asked(event + STAT, SHUT), asked(event + SHUT, SHUT)))
        .isTrue();
  }

  @Test
  void exists_ofWhatMayBeRead_isNot() {
    String read = "err 0 'a'";
    assertThat(ProbePair.isExplained(asked(STAT, read), asked(SHUT, SHUT))).isFalse();
    assertThat(ProbePair.isExplained(asked(STAT, read), asked(SHUT, read))).isFalse();
    assertThat(ProbePair.isExplained(asked(STAT, SHUT), asked(SHUT, read))).isFalse();
  }

  @Test
  void exists_ofNothingOrAmongOtherEvents_isNot() {
    String gone = "err -101 ";
    assertThat(ProbePair.isExplained(asked(gone, gone), asked(SHUT, SHUT))).isFalse();
    assertThat(ProbePair.isExplained(asked(gone, SHUT), asked(SHUT, SHUT))).isFalse();
    String event = "event 1 state 3 /r/a\n";
    assertThat(ProbePair.isExplained(asked(event + STAT, SHUT), asked(SHUT, SHUT))).isFalse();
    assertThat(ProbePair.isExplained(asked(STAT, SHUT), asked(event + SHUT, SHUT))).isFalse();
  }
}
