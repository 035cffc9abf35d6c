package io.kubekv.k8s.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.k8s.lease.StubLeaseApi.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each test fails without the rule that its name states. */
class LeadershipTest {
  private static final Duration SIX = Duration.ofSeconds(6);
  private static final Duration MARGIN = Duration.ofMillis(260);
  private static final Duration TICK = Duration.ofMillis(1);

  private final FakeClocks clocks = new FakeClocks();
  private final StubLeaseApi api = new StubLeaseApi(clocks);
  private final List<String> heard = new ArrayList<>();
  private Map<String, String> annotations = Map.of();
  private boolean storeIsNew;

  @Nested
  class Candidate {
    @Test
    void step_heldByOthers_takesItOnlyAfterItsDurationAndTheMargin() {
      api.takenBy("other_1", SIX);
      Leadership candidate = candidate("b");
      candidate.step();

      clocks.advance(SIX.plus(MARGIN).minus(TICK));
      candidate.step();
      assertThat(isActive(candidate)).isFalse();

      clocks.advance(TICK);
      candidate.step();
      assertThat(isActive(candidate)).isTrue();
    }

    @Test
    void step_heldForLongerThanOurDuration_waitsTheLongerTime() {
      api.takenBy("other_1", Duration.ofSeconds(60));
      Leadership candidate = candidate("b");
      candidate.step();

      clocks.advance(Duration.ofSeconds(59));
      candidate.step();

      assertThat(isActive(candidate)).isFalse();
    }

    @Test
    void step_heldForShorterThanOurDuration_waitsTheLongerTime() {
      api.takenBy("other_1", Duration.ofSeconds(1));
      Leadership candidate = candidate("b");
      candidate.step();

      clocks.advance(Duration.ofSeconds(5));
      candidate.step();

      assertThat(isActive(candidate)).isFalse();
    }

    @Test
    void step_renewedMeanwhile_waitsAnew() {
      api.takenBy("other_1", SIX);
      Leadership candidate = candidate("b");
      candidate.step();
      clocks.advance(SIX);
      api.edit(lease -> lease.renewed(SIX, clocks.wall(), Map.of()));
      candidate.step();

      clocks.advance(SIX);
      candidate.step();
      assertThat(isActive(candidate)).isFalse();

      clocks.advance(MARGIN);
      candidate.step();
      assertThat(isActive(candidate)).isTrue();
    }

    @Test
    void step_renewedBetweenLookAndTake_doesNotTake() {
      api.takenBy("other_1", SIX);
      Leadership candidate = candidate("b");
      candidate.step();
      clocks.advance(SIX.plus(MARGIN));
      api.beforeNextChange(() -> api.edit(lease -> lease.renewed(SIX, clocks.wall(), Map.of())));

      candidate.step();

      assertThat(api.updates()).isEqualTo(1);
      assertThat(isActive(candidate)).isFalse();
      assertThat(api.now().holder()).contains("other_1");
    }

    @Test
    void step_renewTimeFarInThePast_isNotBelieved() {
      api.takenBy("other_1", SIX);
      api.edit(lease -> lease.renewed(SIX, clocks.wall().minusSeconds(3600), Map.of()));
      Leadership candidate = candidate("b");

      candidate.step();

      assertThat(isActive(candidate)).isFalse();
    }

    @Test
    void step_released_takesItAtOnce() {
      Leadership first = active("a");
      first.close();
      Leadership second = candidate("b");

      second.step();

      assertThat(isActive(second)).isTrue();
    }

    @Test
    void step_missingInAStoreThatHadAHolder_waitsAFullDuration() {
      Leadership candidate = candidate("a");
      candidate.step();
      clocks.advance(SIX.plus(MARGIN).minus(TICK));
      candidate.step();
      assertThat(isActive(candidate)).isFalse();

      clocks.advance(TICK);
      candidate.step();
      assertThat(isActive(candidate)).isTrue();
    }

    @Test
    void step_missingInANewStore_makesItAtOnce() {
      storeIsNew = true;
      Leadership candidate = candidate("a");

      candidate.step();

      assertThat(isActive(candidate)).isTrue();
    }

    @Test
    void step_missingOnceMoreAfterOurOwnTerm_waitsAnew() {
      Leadership holder = active("a");
      api.delete();
      clocks.advance(Duration.ofSeconds(2));
      holder.step();

      holder.step();

      assertThat(isActive(holder)).isFalse();
      assertThat(heard).last().asString().contains("deleted");
    }

    @Test
    void step_answerToTheTakeLost_findsItselfHolderAndTakesItAgain() {
      storeIsNew = true;
      Leadership candidate = candidate("a");
      api.fail(Fault.LOSE_ANSWER);
      candidate.step();
      assertThat(isActive(candidate)).isFalse();

      candidate.step();

      assertThat(isActive(candidate)).isTrue();
      assertThat(api.updates()).isEqualTo(2);
    }

    @Test
    void step_leaseOfAnEarlierProcessOfTheOnlyOwner_takesItAtOnce() {
      active("host");
      Leadership restarted = leadership(LeaseSettings.defaults("host").asOnlyProcessOfOwner());

      restarted.step();

      assertThat(isActive(restarted)).isTrue();
    }

    @Test
    void step_leaseOfAnotherOwner_isNotVoid() {
      active("host");
      Leadership other = leadership(LeaseSettings.defaults("hos").asOnlyProcessOfOwner());

      other.step();

      assertThat(isActive(other)).isFalse();
    }

    @Test
    void step_leaseOfTheSameOwnerThatMayLive_isNotVoid() {
      active("host");
      Leadership other = leadership(LeaseSettings.defaults("host"));

      other.step();

      assertThat(isActive(other)).isFalse();
    }

    @Test
    void step_candidateBeforeAndAfterTheTake_neverBothValid() {
      Leadership holder = active("a");
      Leadership candidate = candidate("b");
      Term old = holder.term().orElseThrow();
      for (int i = 0; i < 700 && !isActive(candidate); i++) {
        candidate.step();
        assertThat(old.isValid() && isActive(candidate)).isFalse();
        clocks.advance(Duration.ofMillis(10));
      }

      assertThat(isActive(candidate)).isTrue();
    }
  }

  @Nested
  class Holder {
    @Test
    void isValid_withoutRenewal_endsBeforeTheDurationByTheMargin() {
      Term term = active("a").term().orElseThrow();

      clocks.advance(SIX.minus(MARGIN).minus(TICK));
      assertThat(term.isValid()).isTrue();

      clocks.advance(TICK);
      assertThat(term.isValid()).isFalse();
    }

    @Test
    void isValid_answerWasLate_countsFromTheSending() {
      storeIsNew = true;
      Leadership holder = candidate("a");
      api.answerLateBy(Duration.ofSeconds(5));
      holder.step();
      Term term = holder.term().orElseThrow();
      assertThat(term.isValid()).isTrue();

      clocks.advance(Duration.ofMillis(740));

      assertThat(term.isValid()).isFalse();
    }

    @Test
    void step_renewed_isValidForAFullDurationMore() {
      Leadership holder = active("a");
      clocks.advance(Duration.ofSeconds(2));
      holder.step();

      clocks.advance(Duration.ofSeconds(5));

      assertThat(isActive(holder)).isTrue();
      assertThat(holder.term().orElseThrow().number()).isEqualTo(1);
    }

    @Test
    void step_renewalAnsweredAfterTheTermRanOut_isAnotherTerm() {
      Leadership holder = active("a");
      Term first = holder.term().orElseThrow();
      clocks.advance(Duration.ofSeconds(4));
      api.answerLateBy(Duration.ofSeconds(3));
      holder.step();
      assertThat(first.isValid()).isFalse();
      assertThat(holder.term()).isEmpty();

      holder.step();

      assertThat(first.isValid()).isFalse();
      assertThat(holder.term().orElseThrow().number()).isEqualTo(2);
      assertThat(isActive(holder)).isTrue();
    }

    @Test
    void step_answerToARenewalLost_staysTheSameTerm() {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      clocks.advance(Duration.ofSeconds(2));
      api.fail(Fault.LOSE_ANSWER);
      holder.step();

      holder.step();
      holder.step();
      clocks.advance(Duration.ofSeconds(5));

      assertThat(term.isValid()).isTrue();
      assertThat(holder.term()).contains(term);
    }

    @Test
    void step_renewalsAllLost_losesTheLease() {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      for (int i = 0; i < 12; i++) {
        api.fail(Fault.LOSE_REQUEST);
        holder.step();
        clocks.advance(Duration.ofMillis(500));
      }
      holder.step();

      assertThat(term.isValid()).isFalse();
      assertThat(heard)
          .contains("lost 1: it ran out before it was renewed, or the machine was suspended");
    }

    @Test
    void step_takenByAnother_losesTheLease() {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      api.takenBy("other_1", SIX);

      holder.step();

      assertThat(term.isValid()).isFalse();
      assertThat(heard).last().isEqualTo("lost 1: it is held by other_1");
    }

    @Test
    void step_annotatedByAPerson_staysTheSameTermAndKeepsTheAnnotation() {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      api.edit(lease -> lease.renewed(SIX, clocks.wall(), Map.of("note", "x")));
      annotations = Map.of("kubekv.io/checkpoint", "5");

      holder.step();
      holder.step();

      assertThat(holder.term()).contains(term);
      assertThat(api.now().annotations())
          .isEqualTo(Map.of("note", "x", "kubekv.io/checkpoint", "5"));
    }

    @Test
    void isValid_machineWasSuspended_endsForGood() {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      clocks.suspend(Duration.ofSeconds(10));

      assertThat(term.isValid()).isFalse();
      holder.step();
      assertThat(heard).last().asString().startsWith("lost 1: ");
      holder.step();

      assertThat(holder.term().orElseThrow().number()).isEqualTo(2);
    }

    @Test
    void isValid_suspendedWithTheWallClockSetBack_isSeenByTheTimeSinceBoot() {
      Term term = active("a").term().orElseThrow();
      var before = clocks.wall();
      clocks.suspend(Duration.ofSeconds(10));
      clocks.setWall(before);
      clocks.advance(Duration.ofMillis(50));

      assertThat(term.isValid()).isFalse();
    }

    @Test
    void step_renewedAfterASuspension_isAnotherTerm() {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      api.beforeNextChange(
          () -> {
            var before = clocks.wall();
            clocks.suspend(Duration.ofSeconds(10));
            clocks.setWall(before);
          });

      holder.step();

      assertThat(term.isValid()).isFalse();
    }

    @Test
    void isValid_wallClockSetBack_staysValid() {
      Term term = active("a").term().orElseThrow();
      clocks.setWall(clocks.wall().minusSeconds(3600));

      assertThat(term.isValid()).isTrue();
    }

    @Test
    void step_shed_comesBackWithinARenewInterval() {
      Leadership holder = active("a");
      api.fail(Fault.SHED);

      assertThat(holder.step()).isEqualTo(Duration.ofSeconds(1));
      assertThat(isActive(holder)).isTrue();
    }
  }

  @Nested
  class Release {
    @Test
    void close_always_endsValidityBeforeTheReleaseIsSent() {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      List<Boolean> validWhenSent = new ArrayList<>();
      api.beforeNextChange(() -> validWhenSent.add(term.isValid()));

      holder.close();

      assertThat(validWhenSent).containsExactly(false);
      assertThat(api.now().holder()).isEmpty();
    }

    @Test
    void close_renewalUnderWay_endsValidityWithoutWaitingForIt() throws InterruptedException {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      Thread closer = Thread.ofVirtual().unstarted(holder::close);
      api.beforeNextChange(() -> endsMeanwhile(term, closer));

      holder.step();
      closer.join();

      assertThat(api.now().holder()).isEmpty();
    }

    @Test
    void giveUp_renewalUnderWay_endsValidityWithoutWaitingForIt() throws InterruptedException {
      Leadership holder = active("a");
      Term term = holder.term().orElseThrow();
      Thread other = Thread.ofVirtual().unstarted(() -> holder.giveUp(term, SIX, "stuck"));
      api.beforeNextChange(() -> endsMeanwhile(term, other));

      holder.step();
      other.join();

      assertThat(isActive(holder)).isFalse();
    }

    private void endsMeanwhile(Term term, Thread work) {
      work.start();
      await().until(() -> !term.isValid());
    }

    @Test
    void close_answerLost_isReleasedOnce() {
      Leadership holder = active("a");
      api.fail(Fault.LOSE_ANSWER);

      holder.close();

      assertThat(api.now().holder()).isEmpty();
      assertThat(api.updates()).isEqualTo(2);
    }

    @Test
    void close_afterALostRenewal_releasesWhatThatLeft() {
      Leadership holder = active("a");
      api.fail(Fault.LOSE_ANSWER);
      holder.step();

      holder.close();

      assertThat(api.now().holder()).isEmpty();
    }

    @Test
    void close_heldByAnother_leavesItAlone() {
      Leadership holder = active("a");
      api.takenBy("other_1", SIX);

      holder.close();

      assertThat(api.now().holder()).contains("other_1");
    }

    @Test
    void close_always_keepsTheAnnotationsForTheNext() {
      annotations = Map.of("kubekv.io/checkpoint", "5");
      active("a").close();

      candidate("b").step();

      assertThat(heard).last().isEqualTo("acquired 1 {kubekv.io/checkpoint=5}");
    }

    @Test
    void giveUp_always_leavesItToOthersForAWhile() {
      Leadership holder = active("a");
      holder.giveUp(holder.term().orElseThrow(), SIX, "its markers do not come back");
      assertThat(api.now().holder()).isEmpty();

      holder.step();
      assertThat(isActive(holder)).isFalse();

      clocks.advance(SIX);
      holder.step();
      assertThat(isActive(holder)).isTrue();
    }

    @Test
    void giveUp_ofAnEarlierTerm_doesNothing() {
      Leadership holder = active("a");
      Term first = holder.term().orElseThrow();
      clocks.advance(SIX);
      holder.step();
      holder.step();

      holder.giveUp(first, SIX, "late");

      assertThat(isActive(holder)).isTrue();
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void run_closed_returnsReleased() throws InterruptedException {
      storeIsNew = true;
      Leadership holder = candidate("a");
      Thread runner = Thread.ofVirtual().start(holder::run);
      await().until(() -> isActive(holder));

      holder.close();
      runner.join();

      assertThat(api.now().holder()).isEmpty();
    }
  }

  /** What the other replicas of a store look for. */
  @Nested
  class Follower {
    @Test
    void seen_sameVersionAgain_isAsOldAsWhenItWasSeenFirst() {
      api.takenBy("other_1", SIX);
      Leadership candidate = candidate("b");
      candidate.step();
      clocks.advance(Duration.ofSeconds(1));
      candidate.step();

      assertThat(age(candidate)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void seen_renewed_isNewAgain() {
      api.takenBy("other_1", SIX);
      Leadership candidate = candidate("b");
      candidate.step();
      clocks.advance(Duration.ofSeconds(1));
      api.edit(lease -> lease.renewed(SIX, clocks.wall(), Map.of()));
      candidate.step();

      assertThat(age(candidate)).isZero();
    }

    @Test
    void hurry_asCandidate_looksOftenForAWhile() {
      api.takenBy("other_1", SIX);
      Leadership candidate = candidate("b");
      Duration usual = candidate.step();
      assertThat(candidate.hurried(usual)).isEqualTo(usual);

      candidate.hurry();
      assertThat(candidate.hurried(usual)).isEqualTo(Duration.ofMillis(50));

      clocks.advance(Duration.ofSeconds(3));
      assertThat(candidate.hurried(usual)).isEqualTo(usual);
    }

    @Test
    void hurry_asHolder_renewsAsUsual() {
      Leadership holder = active("a");
      holder.hurry();

      assertThat(holder.hurried(Duration.ofSeconds(2))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void term_thatRanOut_isNotValidBeforeTheNextStep() {
      Leadership holder = active("a");
      assertThat(holder.term().orElseThrow().isValid()).isTrue();

      clocks.advance(SIX);

      assertThat(holder.term().orElseThrow().isValid()).isFalse();
    }

    private Duration age(Leadership of) {
      return Duration.ofNanos(clocks.nanoTime() - of.seen().orElseThrow().sinceNanos());
    }
  }

  private static boolean isActive(Leadership leadership) {
    return leadership.term().filter(Term::isValid).isPresent();
  }

  private Leadership active(String owner) {
    boolean before = storeIsNew;
    storeIsNew = true;
    Leadership holder = candidate(owner);
    holder.step();
    storeIsNew = before;
    return holder;
  }

  private Leadership candidate(String owner) {
    return leadership(LeaseSettings.defaults(owner));
  }

  private Leadership leadership(LeaseSettings settings) {
    LeadershipListener listener =
        new LeadershipListener() {
          @Override
          public void acquired(Term term, Map<String, String> found) {
            heard.add("acquired " + term.number() + " " + found);
          }

          @Override
          public void lost(Term term, String why) {
            heard.add("lost " + term.number() + ": " + why);
          }
        };
    return new Leadership(api, settings, clocks, () -> storeIsNew, () -> annotations, listener);
  }
}
