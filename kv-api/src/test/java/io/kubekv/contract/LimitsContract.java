package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubekv.Await;
import io.kubekv.Comparison;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.ListRequest;
import io.kubekv.Naming;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.SessionSpec;
import io.kubekv.StoreException;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Promise 8: limits are errors by name, before anything is written. */
abstract class LimitsContract extends ContractGroup {
  private static final Limits SMALL = new Limits(64, 256, 4, 6);

  LimitsContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Override
  StoreSpec spec() {
    return StoreSpec.DEFAULT.withLimits(SMALL);
  }

  private void assertOver(PutRequest request, String limit) {
    LimitExceededException over =
        catchThrowableOfType(
            LimitExceededException.class, () -> Await.change(store().put(request)));
    assertThat(over).as("put of %s", request.key()).isNotNull();
    assertThat(over.limit()).isEqualTo(limit);
    assertThat(over.advice()).isEqualTo(StoreException.Advice.DO_NOT_RETRY);
    assertThat(over).hasMessageContaining(limit);
  }

  @Test
  void limits_areAsConfigured() {
    assertThat(store().limits()).isEqualTo(SMALL);
  }

  @Test
  void status_countsTheBytesOfEntriesAndSessions_andNoLongerThoseOfDeletedValues() {
    long empty = store().status().bytes();
    put("kept", "1");
    put("large", "v".repeat(250));
    eventually("a value is counted", () -> store().status().bytes() >= empty + 500);
    long before = store().status().bytes();

    Await.change(store().sessions().create(SessionSpec.random().withNote("n".repeat(60))));
    eventually("a session is counted", () -> store().status().bytes() >= before + 60);
    long full = store().status().bytes();
    put("large", "v".repeat(50));
    eventually("a smaller value counts less", () -> store().status().bytes() == full - 200);
    deleted(DeleteRequest.of(Key.of("large")));

    eventually("a deleted value is not counted", () -> store().status().bytes() <= full - 250);
  }

  @Test
  void keyLength_isCountedInUtf8() {
    put("k".repeat(64), "1");
    put("\u00e9".repeat(32), "1");

    assertOver(value("k".repeat(65), "1"), "key length");
    assertOver(value("\u00e9".repeat(33), "1"), "key length");
  }

  @Test
  void keyLength_countsTheNameThatTheStoreChooses() {
    stored(value("a", "1").withNaming(new Prefix("k".repeat(44)), Naming.REVISION));

    assertOver(
        value("a", "1").withNaming(new Prefix("k".repeat(45)), Naming.REVISION), "key length");
  }

  @Test
  void valueSize_isCountedInBytes() {
    put("a", "v".repeat(256));
    put("b", "\u00e9".repeat(128));

    assertOver(value("c", "v".repeat(257)), "value size");
    assertOver(value("c", "\u00e9".repeat(129)), "value size");
  }

  @Test
  void keyDepth_isCountedInElements() {
    put("a/b/c/d", "1");

    assertOver(value("a/b/c/d/e", "1"), "key depth");
    assertOver(treeValue("a/b/c/x/e", "1"), "key depth");
  }

  private static List<Range> tooLong() {
    Key longest = Key.of("k".repeat(69));
    return List.of(
        new Range.Exact(Key.of("k".repeat(65))),
        new Range.WithPrefix(new Prefix("k".repeat(65))),
        new Range.Tree(Key.of("k".repeat(65))),
        new Range.Between(longest, Optional.empty()),
        new Range.Between(Key.of("k"), Optional.of(longest)));
  }

  private static void assertOver(Range range, ThrowingCallable call) {
    assertThatThrownBy(call)
        .as("of %s", range)
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            over -> assertThat(over.limit()).isIn("key length", "prefix length", "bound length"));
  }

  @Test
  void rangeThatIsTooLong_isNotListedDeletedOrWatched() {
    for (Range range : tooLong()) {
      TransactionOperation list = new TransactionOperation.ListRange(ListRequest.of(range));
      TransactionOperation delete = new TransactionOperation.DeleteRange(range);
      for (Freshness freshness : List.of(Freshness.LINEARIZABLE, Freshness.STALE)) {
        assertOver(range, () -> Await.read(store().list(ListRequest.of(range), freshness)));
      }
      assertOver(range, () -> Await.change(store().deleteRange(range)));
      assertOver(range, () -> Await.change(store().transact(TransactionRequest.of(list))));
      assertOver(range, () -> Await.change(store().transact(TransactionRequest.of(delete))));
      assertOver(
          range,
          () -> {
            try (Watch watch = store().watch(WatchRequest.fromNow(range))) {
              watch.next(harness().patience());
            }
          });
    }
  }

  @Test
  void range_mayEndBehindTheLongestKey() {
    Range range =
        new Range.Between(
            Key.of("k".repeat(64)), Optional.of(Key.of("k".repeat(64) + "\uD83D\uDE00")));

    assertThatCode(() -> Await.change(store().deleteRange(range))).doesNotThrowAnyException();
  }

  @Test
  void entries_areCounted() {
    for (int i = 0; i < 6; i++) {
      put("k" + i, "1");
    }

    assertOver(value("k6", "1"), "number of entries");
    assertThat(put("k0", "changing one needs no room").version()).isEqualTo(2);
    deleted(removal("k1"));
    assertThat(put("k6", "1").version()).isEqualTo(1);
  }

  @Test
  void entries_areCountedOverAllOfATransaction() {
    for (int i = 0; i < 5; i++) {
      put("k" + i, "1");
    }
    TransactionOperation look = new TransactionOperation.Get(Key.of("k0"));
    TransactionOperation k5 = new TransactionOperation.Put(value("k5", "1"));
    TransactionOperation k6 = new TransactionOperation.Put(value("k6", "1"));

    assertThatThrownBy(() -> Await.change(store().transact(TransactionRequest.of(look, k5, k6))))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            over -> assertThat(over.limit()).isEqualTo("number of entries"));
    assertThat(get("k5")).isEmpty();
    TransactionOperation room = new TransactionOperation.Delete(removal("k0"));
    assertThat(Await.change(store().transact(TransactionRequest.of(room, k5, k6))))
        .isInstanceOf(TransactionOutcome.Committed.class);
  }

  @Test
  void entries_countMissingParents() {
    for (int i = 0; i < 4; i++) {
      put("k" + i, "1");
    }

    assertOver(treeValue("a/b/c", "1"), "number of entries");
    assertThat(get("a")).as("a parent of a put that failed").isEmpty();
    stored(treeValue("a/b", "1"));
  }

  @Test
  void sessions_areLimitedByNameAndNumber() {
    assertThatThrownBy(
            () ->
                Await.change(
                    store().sessions().create(SessionSpec.random().withName("n".repeat(65)))))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            over -> assertThat(over.limit()).isEqualTo("session name"));
    for (int i = 0; i < 6; i++) {
      Await.change(store().sessions().create(SessionSpec.random()));
    }
    assertThatThrownBy(() -> Await.change(store().sessions().create(SessionSpec.random())))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            over -> assertThat(over.limit()).isEqualTo("number of sessions"));
  }

  private void assertOver(TransactionRequest request, String limit) {
    LimitExceededException over =
        catchThrowableOfType(
            LimitExceededException.class, () -> Await.change(store().transact(request)));
    assertThat(over).as("a transaction over %s", limit).isNotNull();
    assertThat(over.limit()).isEqualTo(limit);
  }

  @Test
  void transaction_operationsAreCounted() {
    Key a = Key.of("a");
    List<TransactionOperation> most =
        Collections.nCopies(TransactionRequest.MAX_OPERATIONS - 1, new TransactionOperation.Get(a));
    List<TransactionOperation> all = new ArrayList<>(most);
    all.add(new TransactionOperation.Put(value("a", "1")));
    Await.change(store().transact(TransactionRequest.of(all)));
    assertThat(text("a")).contains("1");

    all.addFirst(new TransactionOperation.Get(a));

    assertOver(TransactionRequest.of(all), "transaction size");
    assertThat(get("a").orElseThrow().version()).isEqualTo(1);
  }

  private static TransactionOperation choice(
      List<Comparison> comparisons,
      List<TransactionOperation> then,
      List<TransactionOperation> otherwise) {
    return new TransactionOperation.Choice(comparisons, then, otherwise);
  }

  private static Comparison valueIs(String value) {
    return Comparison.of(
        Key.of("a"), new Comparison.Value(bytes(value)), Comparison.Relation.EQUAL);
  }

  @Test
  void choice_bothSidesAreCounted() {
    int most = TransactionRequest.MAX_OPERATIONS - 1;
    List<TransactionOperation> gets =
        Collections.nCopies(most, new TransactionOperation.Get(Key.of("a")));
    List<TransactionOperation> then = gets.subList(0, most / 2);
    List<TransactionOperation> otherwise = gets.subList(most / 2, most);
    Await.change(store().transact(TransactionRequest.of(choice(List.of(), then, otherwise))));

    List<TransactionOperation> more = new ArrayList<>(otherwise);
    more.add(new TransactionOperation.Put(value("a", "1")));
    assertOver(TransactionRequest.of(choice(List.of(), then, more)), "transaction size");
    assertThat(get("a")).isEmpty();
  }

  @Test
  void choice_comparisonsAreCountedAndMeasured() {
    TransactionOperation put = new TransactionOperation.Put(value("a", "1"));
    List<Comparison> most = Collections.nCopies(TransactionRequest.MAX_COMPARISONS, valueIs("1"));
    Await.change(store().transact(TransactionRequest.of(choice(most, List.of(put), List.of()))));

    assertOver(
        TransactionRequest.of(
            choice(most, List.of(put), List.of()),
            choice(most.subList(0, 1), List.of(), List.of())),
        "comparisons of a transaction");
    assertOver(
        TransactionRequest.of(choice(List.of(valueIs("v".repeat(256))), List.of(put), List.of())),
        "transaction value size");
    assertOver(
        TransactionRequest.of(
            choice(
                List.of(
                    Comparison.of(
                        Key.of("k".repeat(65)),
                        new Comparison.Version(0),
                        Comparison.Relation.EQUAL)),
                List.of(put),
                List.of())),
        "key length");
    assertThat(get("a")).isEmpty();
  }

  @Test
  void choice_nestingIsCounted() {
    List<TransactionOperation> nested = List.of(new TransactionOperation.Put(value("a", "1")));
    for (int i = 0; i < TransactionRequest.MAX_NESTING; i++) {
      nested = List.of(choice(List.of(), nested, List.of()));
    }
    Await.change(store().transact(TransactionRequest.of(nested)));
    assertThat(text("a")).contains("1");

    TransactionRequest deeper = TransactionRequest.of(choice(List.of(), List.of(), nested));
    assertOver(deeper, "depth of a transaction's choices");
  }

  @Test
  void transaction_valuesAreMeasuredTogether() {
    put("a", "v".repeat(200));
    TransactionOperation check =
        new TransactionOperation.Check(
            Key.of("a"), new Precondition.ValueIs(bytes("v".repeat(200))));

    Await.change(
        store()
            .transact(
                TransactionRequest.of(
                    check, new TransactionOperation.Put(value("a", "w".repeat(56))))));
    assertThat(text("a")).contains("w".repeat(56));
    put("a", "v".repeat(200));

    assertOver(
        TransactionRequest.of(check, new TransactionOperation.Put(value("a", "w".repeat(57)))),
        "transaction value size");
    assertThat(text("a")).contains("v".repeat(200));
  }

  @Test
  void transaction_eachOperationIsWithinItsLimits() {
    assertOver(
        TransactionRequest.of(new TransactionOperation.Put(value("k".repeat(65), "1"))),
        "key length");
    assertOver(
        TransactionRequest.of(new TransactionOperation.Get(Key.of("a/b/c/d/e"))), "key depth");
    assertOver(
        TransactionRequest.of(new TransactionOperation.Put(value("a", "v".repeat(257)))),
        "value size");
    for (int i = 0; i < 6; i++) {
      put("k" + i, "1");
    }
    assertOver(
        TransactionRequest.of(new TransactionOperation.Put(value("k6", "1"))), "number of entries");
    assertThat(get("k6")).isEmpty();
  }

  @Test
  void overLimit_nothingIsWritten() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    put("a", "1");

    assertOver(value("a", "v".repeat(257)), "value size");
    assertOver(value("k".repeat(65), "1"), "key length");
    assertOver(treeValue("a/b/c/d/e", "1"), "key depth");
    put("last", "");

    assertThat(changes.before("last")).hasSize(1);
    assertThat(text("a")).contains("1");
  }
}
