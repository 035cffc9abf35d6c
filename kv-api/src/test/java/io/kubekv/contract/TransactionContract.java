package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.DeleteOutcome;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Listing;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.TransactionResult;
import io.kubekv.WatchRequest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3: a transaction happens whole or not at all. */
abstract class TransactionContract extends TransactionGroup {
  private static final int ROUNDS = 20;

  TransactionContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void empty_isCommittedAtTheRevisionOfTheStore() {
    Revision last = put("a", "1").modifyRevision();

    assertThat(committed().revision()).isGreaterThanOrEqualTo(last);
  }

  @Test
  void reads_haveTheirResultsInOrder() {
    Entry a = put("a", "1");
    Entry b = put("b", "2");

    TransactionOutcome.Committed outcome =
        committed(
            get(Key.of("b")),
            get(Key.of("none")),
            listing(Range.all()),
            check("a", is(a.modifyRevision())),
            check("none", Precondition.ABSENT));

    assertThat(found(outcome.results().get(0))).contains(b);
    assertThat(found(outcome.results().get(1))).isEmpty();
    assertThat(((Listing) outcome.results().get(2)).entries()).containsExactly(a, b);
    assertThat(found(outcome.results().get(3))).contains(a);
    assertThat(found(outcome.results().get(4))).isEmpty();
    assertThat(outcome.results().stream().map(TransactionResult::revision))
        .containsOnly(outcome.revision());
  }

  @Test
  void reads_asFreshAsAskedFor() {
    Revision seen = put("a", "1").modifyRevision();
    TransactionRequest request = TransactionRequest.of(get(Key.of("a")));

    TransactionOutcome atLeast =
        Await.change(store().transact(request.withFreshness(new Freshness.AtLeast(seen))));
    TransactionOutcome stale =
        Await.change(store().transact(request.withFreshness(Freshness.STALE)));

    assertThat(((TransactionOutcome.Committed) atLeast).revision()).isGreaterThanOrEqualTo(seen);
    assertThat(stale).isInstanceOf(TransactionOutcome.Committed.class);
  }

  @Test
  void reads_whileChanging_areOfOneSnapshot() throws Exception {
    put("a", "0");
    put("b", "0");
    AtomicInteger reading = new AtomicInteger(2);
    Callable<Integer> writer =
        () -> {
          int written = 0;
          while (reading.get() > 0) {
            written++;
            put("a", Integer.toString(written));
            put("b", Integer.toString(written));
          }
          return written;
        };
    Callable<Integer> reader =
        () -> {
          try {
            return readPairs();
          } finally {
            reading.decrementAndGet();
          }
        };

    List<Integer> done = Together.all(harness().patience(), List.of(writer, reader, reader));

    assertThat(text("b")).contains(Integer.toString(done.getFirst()));
  }

  /** {@code a} is changed first and {@code b} next, and {@code b} is asked for first. */
  private int readPairs() {
    for (int i = 0; i < ROUNDS; i++) {
      TransactionOutcome.Committed outcome =
          committed(get(Key.of("b")), get(Key.of("none")), get(Key.of("a")));
      int b = number(outcome.results().get(0));
      int a = number(outcome.results().get(2));
      assertThat(a - b).as("a is %s where b is %s", a, b).isBetween(0, 1);
    }
    return ROUNDS;
  }

  private static int number(TransactionResult result) {
    return Integer.parseInt(found(result).orElseThrow().value().toText());
  }

  @Test
  void checkedPut_happensAndIsAnEvent() throws InterruptedException {
    Entry before = put("a", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    TransactionOutcome.Committed outcome =
        committed(check("a", is(before.modifyRevision())), get(Key.of("a")), putting("a", "2"));

    Entry after = get("a").orElseThrow();
    assertThat(after.value().toText()).isEqualTo("2");
    assertThat(found(outcome.results().get(1))).contains(before);
    PutOutcome.Stored stored = stored(outcome.results().get(2));
    assertThat(stored.entry()).isEqualTo(after);
    assertThat(stored.previous()).contains(before);
    assertThat(outcome.revision()).isEqualTo(after.modifyRevision());
    assertThat(changes.nextPut().entry()).isEqualTo(after);
  }

  @Test
  void checkedCreate_happensOnce() {
    TransactionOperation absent = check("a", Precondition.ABSENT);

    assertThat(committed(absent, putting("a", "1")).results()).hasSize(2);
    Refused refused = failure(rolledBack(absent, putting("a", "2")), 0);

    assertThat(refused.reason()).isEqualTo(Refused.Reason.EXISTS);
    assertThat(refused.entry()).isEqualTo(get("a"));
    assertThat(text("a")).contains("1");
  }

  @Test
  void refusedCheck_nothingHappens() throws InterruptedException {
    Entry a = put("a", "1");
    Revision before = revision();
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    TransactionOutcome.RolledBack outcome =
        rolledBack(
            check("a", Precondition.PRESENT),
            check("a", new Precondition.ValueIs(bytes("other"))),
            putting("a", "2"));

    Refused refused = failure(outcome, 1);
    assertThat(refused.reason()).isEqualTo(Refused.Reason.CHANGED);
    assertThat(refused.entry()).contains(a);
    assertThat(outcome.revision()).isGreaterThanOrEqualTo(before);
    assertThat(get("a")).contains(a);
    put("last", "");
    assertThat(changes.before("last")).isEmpty();
  }

  @Test
  void failures_nameEveryOperationThatWasRefused() {
    Entry a = put("a", "1");

    TransactionOutcome.RolledBack outcome =
        rolledBack(
            check("a", Precondition.ABSENT),
            get(Key.of("a")),
            check("a", is(a.modifyRevision().next())),
            putting(value("a", "2").withPrecondition(is(a.modifyRevision().next()))));

    assertThat(outcome.failures().stream().map(TransactionOutcome.Failure::operation))
        .containsExactly(0, 2, 3);
    assertThat(outcome.failures().stream().map(failure -> failure.refused().reason()))
        .containsExactly(Refused.Reason.EXISTS, Refused.Reason.CHANGED, Refused.Reason.CHANGED);
    assertThat(outcome.failures())
        .allSatisfy(failure -> assertThat(failure.refused().entry()).contains(a));
  }

  @Test
  void readsAlone_areRefusedByTheirChecks() {
    put("a", "1");

    TransactionOutcome.RolledBack outcome =
        rolledBack(get(Key.of("a")), check("none", Precondition.PRESENT));

    assertThat(failure(outcome, 1).reason()).isEqualTo(Refused.Reason.MISSING);
  }

  @Test
  void checkedDelete_happensAndIsAnEvent() throws InterruptedException {
    Entry a = put("a", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    TransactionOutcome.Committed outcome =
        committed(check("a", is(a.modifyRevision())), deleting("a"));

    DeleteOutcome.Deleted deleted = (DeleteOutcome.Deleted) outcome.results().getLast();
    assertThat(deleted.previous()).isEqualTo(a);
    assertThat(deleted.revision()).isEqualTo(outcome.revision());
    assertThat(get("a")).isEmpty();
    assertThat(changes.nextDelete().revision()).isEqualTo(outcome.revision());
  }

  @Test
  void delete_ofNothing_isRefusedAsMissingAndOfARangeDone() {
    put("a", "1");

    assertThat(failure(rolledBack(deleting("none")), 0).reason()).isEqualTo(Refused.Reason.MISSING);
    assertThat(((RangeDeleted) committed(deleting(exact("none"))).results().getFirst()).count())
        .isZero();
    assertThat(((RangeDeleted) committed(deleting(exact("a"))).results().getFirst()).count())
        .isEqualTo(1);
    assertThat(get("a")).isEmpty();
  }

  @Test
  void checks_holdUntilTheChange() throws Exception {
    put("a", "0");
    int threads = 4;

    Together.run(
        threads,
        harness().patience(),
        thread -> {
          for (int i = 0; i < ROUNDS / threads; i++) {
            incrementUntilDone();
          }
          return thread;
        });

    assertThat(text("a")).contains(Integer.toString(ROUNDS));
  }

  private void incrementUntilDone() {
    TransactionOutcome outcome;
    do {
      Entry now = found(committed(get(Key.of("a"))).results().getFirst()).orElseThrow();
      int next = Integer.parseInt(now.value().toText()) + 1;
      outcome =
          transact(check("a", is(now.modifyRevision())), putting("a", Integer.toString(next)));
    } while (outcome instanceof TransactionOutcome.RolledBack);
  }
}
