package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import io.kubekv.engine.state.State;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Two holders fight over one log: what was acknowledged survives, nothing else appears, replicas
 * agree, and reads are linearizable. Each rule is then broken, and the judge must see it.
 */
class FightTest {
  private static final int SEEDS = 300;
  private static final int SEEDS_TO_FIND = 1_000;

  private static List<String> faults(long seed, SafetyRules rules, boolean forged) {
    return new Judge(new Fight(seed, rules, forged).run()).faults();
  }

  /** Whether a fault of this kind is seen within some seeds. */
  private static boolean finds(String kind, SafetyRules rules, boolean forged) {
    return IntStream.range(0, SEEDS_TO_FIND)
        .mapToObj(seed -> faults(seed, rules, forged))
        .flatMap(List::stream)
        .anyMatch(fault -> fault.startsWith(kind));
  }

  @Test
  void twoHolders_anySeed_noFault() {
    for (long seed = 0; seed < SEEDS; seed++) {
      assertThat(faults(seed, new SafetyRules(), false)).as("seed %s", seed).isEmpty();
    }
  }

  @Test
  void twoHolders_manyCallsAreAnswered() {
    long answered =
        IntStream.range(0, 20)
            .mapToObj(seed -> new Fight(seed, new SafetyRules(), false).run())
            .flatMap(fight -> fight.calls().stream())
            .filter(call -> call.revision.isPresent())
            .count();

    assertThat(answered).isGreaterThan(20 * 60L);
  }

  /** Takeovers come between parts, too: some changes are begun and never happen. */
  @Test
  void twoHolders_someChangesInPartsAreCutOff() {
    boolean cutOff =
        IntStream.range(0, 50)
            .mapToObj(seed -> new Fight(seed, new SafetyRules(), false).run())
            .anyMatch(FightTest::hasAChangeThatWasCutOff);

    assertThat(cutOff).isTrue();
  }

  private static boolean hasAChangeThatWasCutOff(Fight fight) {
    boolean open = false;
    for (LogEntry entry : fight.log().allEntries()) {
      if (open && entry.part().filter(part -> part.number() > 0).isEmpty()) {
        return true;
      }
      open = !entry.isWhole();
    }
    return false;
  }

  @Test
  void forgedEntry_anySeed_isNotApplied() {
    for (long seed = 0; seed < SEEDS; seed++) {
      assertThat(faults(seed, new SafetyRules(), true)).as("seed %s", seed).isEmpty();
    }
  }

  @Test
  void acknowledgingOnTheAnswer_isFound() {
    SafetyRules broken =
        new SafetyRules() {
          @Override
          boolean isAcknowledgedByItsAnswer() {
            return true;
          }
        };

    assertThat(finds("linearizable", broken, false)).isTrue();
  }

  @Test
  void readingWhatWasOnlyDecided_isFound() {
    SafetyRules broken =
        new SafetyRules() {
          @Override
          State readable(State applied, State prepared) {
            return prepared;
          }
        };

    assertThat(finds("read", broken, false)).isTrue();
  }

  @Test
  void showingWhatTheHolderMayNotHaveApplied_isFound() {
    SafetyRules broken =
        new SafetyRules() {
          @Override
          boolean isShown(long position, long announced, long applied) {
            return true;
          }
        };

    assertThat(finds("shown", broken, false)).isTrue();
  }

  @Test
  void acknowledgingAChangeAfterItsFirstPart_isFound() {
    SafetyRules broken =
        new SafetyRules() {
          @Override
          boolean hasHappened(LogEntry entry) {
            return true;
          }
        };

    assertThat(finds("acknowledged", broken, false)).isTrue();
  }

  @Test
  void sendingALostEntryToAnotherPosition_isFound() {
    SafetyRules broken =
        new SafetyRules() {
          @Override
          LogEntry again(LogEntry entry, Root root) {
            return new LogEntry(
                entry.position() + 1,
                entry.epoch(),
                entry.nonce() + 1,
                entry.nonce(),
                entry.commits(),
                entry.minReader(),
                entry.digest());
          }
        };

    assertThat(finds("once", broken, false)).isTrue();
  }

  @Test
  void applyingWhatDoesNotChain_isFound() {
    SafetyRules broken =
        new SafetyRules() {
          @Override
          boolean follows(LogEntry entry, Root root) {
            return true;
          }
        };

    assertThat(finds("agreement", broken, true)).isTrue();
  }
}
