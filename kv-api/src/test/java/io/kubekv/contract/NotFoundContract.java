package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.StoreException;
import io.kubekv.StoreStatus;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.WatchRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Promise 7: whoever cannot know does not say "not found". */
abstract class NotFoundContract extends ContractGroup {
  NotFoundContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  /** The answer, or empty when the store says that it cannot give one. */
  private static <T> Optional<T> ifAvailable(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (UnavailableException unavailable) {
      assertThat(unavailable.advice()).isEqualTo(StoreException.Advice.RETRY);
      return Optional.empty();
    }
  }

  private void awaitReady() {
    eventually("the store is ready", () -> store().status().ready());
  }

  @Test
  void get_unreachable_becomesUnavailableAndNeverMissing() {
    put("a", "1");
    harness().makeUnavailable();

    eventually(
        "a read is refused",
        () -> {
          Optional<Optional<String>> answer = ifAvailable(() -> text("a"));
          answer.ifPresent(known -> assertThat(known).contains("1"));
          return answer.isEmpty();
        });
  }

  @Test
  void transaction_unreachable_isRefusedByNameAndNotByItsChecks() {
    put("a", "1");
    harness().makeUnavailable();

    assertThatThrownBy(
            () ->
                Await.change(
                    store()
                        .transact(
                            TransactionRequest.of(
                                new TransactionOperation.Check(Key.of("b"), Precondition.ABSENT),
                                new TransactionOperation.Put(value("b", "1"))))))
        .isInstanceOfAny(
            UnavailableException.class, OutcomeUnknownException.class, OverloadedException.class);
  }

  @Test
  void list_unreachable_becomesUnavailableAndNeverEmpty() {
    put("a", "1");
    harness().makeUnavailable();

    eventually(
        "a list is refused",
        () -> {
          Optional<java.util.List<String>> answer =
              ifAvailable(() -> ListContract.keys(store(), Range.all()));
          answer.ifPresent(known -> assertThat(known).containsExactly("a"));
          return answer.isEmpty();
        });
  }

  @Test
  void get_staleAndUnreachable_isWhatWasKnownOrUnavailable() {
    put("a", "1");
    harness().makeUnavailable();

    ifAvailable(() -> Await.read(store().get(Key.of("a"), Freshness.STALE)))
        .ifPresent(known -> assertThat(known.entry()).isPresent());
  }

  @Test
  void change_unreachable_isRefusedByNameAndNotByItsPrecondition() {
    put("a", "1");
    harness().makeUnavailable();

    assertThatThrownBy(
            () -> Await.change(store().put(value("b", "1").withPrecondition(Precondition.ABSENT))))
        .isInstanceOfAny(
            UnavailableException.class, OutcomeUnknownException.class, OverloadedException.class);
    assertThatThrownBy(() -> Await.change(store().delete(removal("a"))))
        .isInstanceOfAny(
            UnavailableException.class, OutcomeUnknownException.class, OverloadedException.class);
  }

  @Test
  void status_unreachable_saysWhy() {
    assertThat(store().status().ready()).isTrue();
    harness().makeUnavailable();

    // asked once for both: the next status may be that of a store that is ready again for a moment
    AtomicReference<StoreStatus> status = new AtomicReference<>();
    eventually(
        "the store is not ready",
        () -> {
          status.set(store().status());
          return !status.get().ready();
        });

    assertThat(status.get().reason()).isNotBlank();
  }

  @Test
  void healed_everythingIsThere() {
    put("a", "1");
    harness().makeUnavailable();
    eventually("a read is refused", () -> ifAvailable(() -> text("a")).isEmpty());

    harness().heal();
    awaitReady();

    eventually("a read is answered", () -> ifAvailable(() -> text("a")).isPresent());
    assertThat(text("a")).contains("1");
    assertThat(put("b", "1").version()).isEqualTo(1);
  }

  @Test
  void coldStore_unreachable_neverSaysMissing() {
    put("a", "1");
    harness().makeUnavailable();
    harness().restart();

    for (Freshness freshness : java.util.List.of(Freshness.LINEARIZABLE, Freshness.STALE)) {
      assertThatThrownBy(() -> Await.read(store().get(Key.of("a"), freshness)))
          .isInstanceOf(UnavailableException.class);
      assertThatThrownBy(() -> Await.read(store().list(ListRequest.of(Range.all()), freshness)))
          .isInstanceOf(UnavailableException.class);
    }
    assertThatThrownBy(
            () -> Await.change(store().put(value("a", "2").withPrecondition(Precondition.ABSENT))))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void restarted_hasWhatWasAcknowledgedAndGoesOn() {
    long id = store().id();
    var before = put("a", "1");
    harness().restart();
    awaitReady();

    assertThat(get("a")).contains(before);
    assertThat(put("b", "1").modifyRevision()).isGreaterThan(before.modifyRevision());
    assertThat(store().id()).isEqualTo(id);
  }

  @Test
  void restarting_answersAreRightOrUnavailable() {
    put("a", "1");
    harness().restart();
    AtomicBoolean answered = new AtomicBoolean();

    eventually(
        "a read is answered",
        () -> {
          ifAvailable(() -> text("a"))
              .ifPresent(
                  known -> {
                    assertThat(known).contains("1");
                    answered.set(true);
                  });
          return answered.get();
        });
  }

  @Test
  void closed_everythingIsUnavailable() {
    put("a", "1");
    store().close();

    assertThatThrownBy(() -> get("a")).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> ListContract.keys(store(), Range.all()))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(this::revision).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> put("a", "2")).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> Await.change(store().delete(removal("a"))))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> Await.change(store().deleteRange(Range.all())))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> store().watch(WatchRequest.fromNow(Range.all())))
        .isInstanceOf(UnavailableException.class);
    assertThat(store().status().ready()).isFalse();
    store().close();
  }

  @Test
  void interrupted_staysInterrupted() {
    Thread.currentThread().interrupt();
    Optional<PutOutcome> outcome;
    try {
      outcome = ifAvailable(() -> Await.change(store().put(value("a", "1"))));
    } catch (OutcomeUnknownException mayHaveBeen) {
      outcome = Optional.empty();
    }

    assertThat(Thread.interrupted()).isTrue();
    outcome.ifPresent(known -> assertThat(text("a")).contains("1"));
  }
}
