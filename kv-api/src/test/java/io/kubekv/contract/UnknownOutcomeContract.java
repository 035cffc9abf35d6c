package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DeleteOutcome;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.StoreException;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Promise 6: after a lost answer the store says what it knows. It may know that the change was
 * applied, or name the outcome unknown; it never says that the change was refused by itself, or
 * that nothing was applied, and never applies it twice.
 */
abstract class UnknownOutcomeContract extends ContractGroup {
  UnknownOutcomeContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  /** The outcome; empty when the store says that it is unknown. */
  private static <T> Optional<T> outcome(Supplier<T> change) {
    try {
      return Optional.of(change.get());
    } catch (OutcomeUnknownException unknown) {
      assertThat(unknown.advice()).isEqualTo(StoreException.Advice.READ_THEN_DECIDE);
      return Optional.empty();
    }
  }

  private Optional<PutOutcome> putLosingTheAnswer(PutRequest request) {
    harness().loseNextAnswer();
    return outcome(() -> Await.change(store().put(request)));
  }

  @Test
  void createWhoseAnswerIsLost_isNeverRefusedByItself() {
    Optional<PutOutcome> outcome =
        putLosingTheAnswer(value("a", "1").withPrecondition(Precondition.ABSENT));

    outcome.ifPresent(known -> assertThat(known).isInstanceOf(PutOutcome.Stored.class));
    assertThat(text("a")).contains("1");
    assertThat(get("a").orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void swapWhoseAnswerIsLost_isNeverRefusedByItself() {
    Entry first = put("a", "1");
    Precondition same = new Precondition.RevisionIs(first.modifyRevision());

    Optional<PutOutcome> outcome = putLosingTheAnswer(value("a", "2").withPrecondition(same));

    outcome.ifPresent(known -> assertThat(known).isInstanceOf(PutOutcome.Stored.class));
    assertThat(text("a")).contains("2");
    assertThat(get("a").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void putWhoseAnswerIsLost_isAppliedOnce() throws InterruptedException {
    put("a", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Optional<PutOutcome> outcome = putLosingTheAnswer(value("a", "2"));
    eventually("the put is seen", () -> text("a").equals(Optional.of("2")));
    put("last", "");

    List<WatchEvent> events = changes.before("last");
    assertThat(events).hasSize(1);
    outcome.ifPresent(
        known ->
            assertThat(((PutOutcome.Stored) known).entry().modifyRevision())
                .isEqualTo(events.getFirst().revision()));
  }

  @Test
  void transactionWhoseAnswerIsLost_isNeverRefusedByItselfAndIsAppliedOnce() {
    Entry first = put("a", "1");
    TransactionRequest request =
        TransactionRequest.of(
            new TransactionOperation.Check(
                Key.of("a"), new Precondition.RevisionIs(first.modifyRevision())),
            new TransactionOperation.Put(value("a", "2")));
    harness().loseNextAnswer();

    Optional<TransactionOutcome> outcome = outcome(() -> Await.change(store().transact(request)));

    outcome.ifPresent(known -> assertThat(known).isInstanceOf(TransactionOutcome.Committed.class));
    assertThat(text("a")).contains("2");
    assertThat(get("a").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void deleteWhoseAnswerIsLost_isNeverRefusedByItself() {
    Entry entry = put("a", "1");
    harness().loseNextAnswer();

    Optional<DeleteOutcome> outcome = outcome(() -> Await.change(store().delete(removal("a"))));

    outcome.ifPresent(
        known -> {
          assertThat(known).isInstanceOf(DeleteOutcome.Deleted.class);
          assertThat(((DeleteOutcome.Deleted) known).previous()).isEqualTo(entry);
        });
    assertThat(get("a")).isEmpty();
  }

  @Test
  void requestLost_isNeverReportedAsApplied() {
    put("a", "1");
    harness().loseNextRequest();

    Optional<PutOutcome> outcome;
    try {
      outcome = outcome(() -> Await.change(store().put(value("a", "2"))));
    } catch (UnavailableException nothingApplied) {
      outcome = Optional.empty();
    }

    outcome.ifPresentOrElse(
        known -> assertThat(text("a")).contains("2"),
        () -> assertThat(text("a")).isIn(Optional.of("1"), Optional.of("2")));
  }

  @Test
  void counterWithLostAnswers_countsEveryKnownAndAtMostEveryUnknown() {
    put("a", "0");
    int known = 0;
    int unknown = 0;
    for (int i = 0; i < 12; i++) {
      Entry current = get("a").orElseThrow();
      int next = Integer.parseInt(current.value().toText()) + 1;
      PutRequest increment =
          value("a", Integer.toString(next))
              .withPrecondition(new Precondition.RevisionIs(current.modifyRevision()));
      Optional<PutOutcome> outcome =
          i % 3 == 0
              ? putLosingTheAnswer(increment)
              : outcome(() -> Await.change(store().put(increment)));
      if (outcome.isEmpty()) {
        unknown++;
      } else {
        assertThat(outcome.get()).isInstanceOf(PutOutcome.Stored.class);
        known++;
      }
    }

    assertThat(Integer.parseInt(text("a").orElseThrow())).isBetween(known, known + unknown);
    assertThat(known).as("changes with their answers").isGreaterThanOrEqualTo(8);
  }

  @Test
  void afterALostAnswer_theStoreGoesOn() {
    putLosingTheAnswer(value("a", "1"));

    assertThat(put("b", "1").version()).isEqualTo(1);
    assertThat(put("a", "2").version()).isEqualTo(2);
    assertThat(ListContract.keys(store(), Range.all())).containsExactly("a", "b");
  }
}
