package io.kubekv.e2e.faults.check;

import static io.kubekv.e2e.faults.check.Histories.create;
import static io.kubekv.e2e.faults.check.Histories.delete;
import static io.kubekv.e2e.faults.check.Histories.get;
import static io.kubekv.e2e.faults.check.Histories.put;
import static io.kubekv.e2e.faults.check.Histories.swap;
import static io.kubekv.e2e.faults.check.Histories.unknownPut;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.e2e.faults.history.Operation;
import io.kubekv.e2e.faults.history.Result;
import io.kubekv.e2e.faults.history.Sight;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hand-made histories of one key that are linearizable, and some that are not. */
class LinearizabilityTest {
  private static final Sight A = Sight.of("a", 1);
  private static final Sight B = Sight.of("b", 2);

  private static void good(Operation... operations) {
    assertThat(verdict(List.of(operations))).isEqualTo(Linearizability.Verdict.LINEARIZABLE);
  }

  private static void bad(Operation... operations) {
    assertThat(verdict(List.of(operations))).isEqualTo(Linearizability.Verdict.NOT_LINEARIZABLE);
  }

  private static Linearizability.Verdict verdict(List<Operation> operations) {
    return new Linearizability(operations, Register.NEVER, Log.NONE, 10_000).verdict();
  }

  @Test
  void read_ofTheLastAcknowledgedValue() {
    good(put(0, 1, "a", 1), get(2, 3, A), put(4, 5, "b", 2), get(6, 7, B));
  }

  @Test
  void read_ofAnOlderValueAfterANewerWasAcknowledged() {
    bad(put(0, 1, "a", 1), put(2, 3, "b", 2), get(4, 5, A));
  }

  @Test
  void read_besideAChangeMaySeeEither() {
    good(put(0, 1, "a", 1), put(2, 9, "b", 2), get(3, 4, A), get(5, 6, B));
    bad(put(0, 1, "a", 1), put(2, 9, "b", 2), get(3, 4, B), get(5, 6, A));
  }

  @Test
  void read_ofTheRightValueAtAnotherRevision() {
    bad(put(0, 1, "a", 1), get(2, 3, Sight.of("a", 5)));
  }

  @Test
  void read_ofNothingAfterAnAcknowledgedPut() {
    bad(put(0, 1, "a", 1), get(2, 3, Sight.ABSENT));
  }

  @Test
  void unknownPut_mayHappenLateOrNever() {
    good(put(0, 1, "a", 1), unknownPut(2, 3, "b"), get(10, 11, A), get(20, 21, B));
    good(put(0, 1, "a", 1), unknownPut(2, 3, "b"), get(10, 11, A));
  }

  @Test
  void unknownPut_notBeforeItWasSent_norTwice() {
    bad(put(0, 1, "a", 1), get(2, 3, B), unknownPut(4, 5, "b"));
    bad(put(0, 1, "a", 1), unknownPut(2, 3, "b"), get(4, 5, B), put(6, 7, "c", 3), get(8, 9, B));
  }

  @Test
  void swap_onlyOneOfTwoWins() {
    good(
        put(0, 1, "a", 1),
        swap(2, 5, "b", 1, Result.DONE, 2),
        swap(2, 5, "c", 1, Result.REFUSED, 0));
    bad(put(0, 1, "a", 1), swap(2, 5, "b", 1, Result.DONE, 2), swap(2, 5, "c", 1, Result.DONE, 3));
  }

  @Test
  void swap_refusedThoughNothingHadChanged() {
    bad(put(0, 1, "a", 1), swap(2, 3, "b", 1, Result.REFUSED, 0));
  }

  @Test
  void create_whereSomethingIs_andRefusedWhereNothingIs() {
    bad(put(0, 1, "a", 1), create(2, 3, "b", Result.DONE, 2));
    bad(create(0, 1, "a", Result.REFUSED, 0));
    good(unknownPut(0, 1, "a"), create(2, 3, "b", Result.REFUSED, 0));
  }

  @Test
  void delete_isFollowedByNothing() {
    good(
        put(0, 1, "a", 1),
        delete(2, 3, Result.DONE, A, 2),
        get(4, 5, Sight.ABSENT),
        delete(6, 7, Result.REFUSED, Sight.ABSENT, 0));
    bad(put(0, 1, "a", 1), delete(2, 3, Result.DONE, A, 2), get(4, 5, A));
  }

  @Test
  void revisions_onlyGrow() {
    bad(put(0, 1, "a", 5), put(2, 3, "b", 4));
    good(put(0, 3, "a", 5), put(0, 3, "b", 4), get(4, 5, Sight.of("a", 5)));
    bad(put(0, 3, "a", 5), put(0, 3, "b", 4), get(4, 5, Sight.of("b", 4)));
  }

  @Test
  void tooLongASearch_isUndecided() {
    List<Operation> operations = List.of(put(0, 1, "a", 1), get(2, 3, A), get(4, 5, A));
    assertThat(new Linearizability(operations, Register.NEVER, Log.NONE, 0).verdict())
        .isEqualTo(Linearizability.Verdict.UNDECIDED);
  }
}
