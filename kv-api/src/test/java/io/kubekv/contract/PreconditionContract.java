package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Refused.Reason;
import io.kubekv.Revision;
import io.kubekv.WatchRequest;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3: a precondition is atomic with its change, and a refusal carries what refused. */
abstract class PreconditionContract extends ContractGroup {
  private static final Revision NEVER = new Revision(-1);

  PreconditionContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static PutRequest guarded(String value, Precondition precondition) {
    return value("a", value).withPrecondition(precondition);
  }

  private static DeleteRequest guardedRemoval(Precondition precondition) {
    return removal("a").withPrecondition(precondition);
  }

  private static Precondition revisionIs(Entry entry) {
    return new Precondition.RevisionIs(entry.modifyRevision());
  }

  private static Precondition valueIs(String value) {
    return new Precondition.ValueIs(bytes(value));
  }

  @Test
  void putAbsent_missing_creates() {
    Entry entry = stored(guarded("1", Precondition.ABSENT)).entry();

    assertThat(get("a")).contains(entry);
  }

  @Test
  void putAbsent_present_isRefusedWithTheEntry() {
    Entry entry = put("a", "1");

    Refused refused = refused(guarded("2", Precondition.ABSENT), Reason.EXISTS);

    assertThat(refused.entry()).contains(entry);
    assertThat(get("a")).contains(entry);
  }

  @Test
  void putAbsent_afterDelete_creates() {
    put("a", "1");
    deleted(removal("a"));

    stored(guarded("2", Precondition.ABSENT));

    assertThat(text("a")).contains("2");
  }

  @Test
  void putPresent_missing_isRefused() {
    Refused refused = refused(guarded("1", Precondition.PRESENT), Reason.MISSING);

    assertThat(refused.entry()).isEmpty();
    assertThat(get("a")).isEmpty();
  }

  @Test
  void putPresent_present_updates() {
    Entry first = put("a", "1");

    PutOutcome.Stored second = stored(guarded("2", Precondition.PRESENT));

    assertThat(second.previous()).contains(first);
    assertThat(text("a")).contains("2");
  }

  @Test
  void putRevisionIs_itIs_swaps() {
    Entry first = put("a", "1");

    PutOutcome.Stored second = stored(guarded("2", revisionIs(first)));

    assertThat(second.previous()).contains(first);
    assertThat(get("a")).contains(second.entry());
  }

  @Test
  void putRevisionIs_itWas_isRefusedWithTheEntry() {
    Entry first = put("a", "1");
    Entry second = put("a", "2");

    Refused refused = refused(guarded("3", revisionIs(first)), Reason.CHANGED);

    assertThat(refused.entry()).contains(second);
    assertThat(get("a")).contains(second);
  }

  @Test
  void putRevisionIs_sameValueButRewritten_isRefused() {
    Entry first = put("a", "1");
    put("a", "2");
    Entry rewritten = put("a", "1");

    Refused refused = refused(guarded("3", revisionIs(first)), Reason.CHANGED);

    assertThat(refused.entry()).contains(rewritten);
  }

  @Test
  void putRevisionIs_missing_isRefusedAsMissing() {
    Entry gone = put("a", "1");
    deleted(removal("a"));

    assertThat(refused(guarded("2", revisionIs(gone)), Reason.MISSING).entry()).isEmpty();
    refused(guarded("2", new Precondition.RevisionIs(Revision.ZERO)), Reason.MISSING);
  }

  @Test
  void putRevisionIs_neverSeen_isRefused() {
    put("a", "1");

    refused(guarded("2", new Precondition.RevisionIs(NEVER)), Reason.CHANGED);
    refused(guarded("2", new Precondition.RevisionIs(Revision.ZERO)), Reason.CHANGED);

    assertThat(text("a")).contains("1");
  }

  @Test
  void putValueIs_comparesTheWholeValue() {
    Entry first = put("a", "1");

    assertThat(refused(guarded("2", valueIs("12")), Reason.CHANGED).entry()).contains(first);
    assertThat(refused(guarded("2", valueIs("")), Reason.CHANGED).entry()).contains(first);
    stored(guarded("2", valueIs("1")));

    assertThat(text("a")).contains("2");
  }

  @Test
  void putValueIs_missing_isRefusedAsMissing() {
    refused(guarded("1", valueIs("")), Reason.MISSING);

    assertThat(get("a")).isEmpty();
  }

  @Test
  void putRevisionAndValueAre_bothMustBe() {
    Entry first = put("a", "1");
    Revision revision = first.modifyRevision();
    Bytes value = first.value();

    refused(guarded("2", new Precondition.RevisionAndValueAre(NEVER, value)), Reason.CHANGED);
    refused(
        guarded("2", new Precondition.RevisionAndValueAre(revision, bytes("x"))), Reason.CHANGED);
    stored(guarded("2", new Precondition.RevisionAndValueAre(revision, value)));

    assertThat(text("a")).contains("2");
  }

  @Test
  void putRefresh_missing_isRefused() {
    refused(PutRequest.of(Key.of("a"), Bytes.EMPTY).withMode(PutMode.REFRESH), Reason.MISSING);

    assertThat(get("a")).isEmpty();
  }

  @Test
  void putRefresh_ofAnotherRevision_isRefused() {
    Entry first = put("a", "1");
    put("a", "2");

    refused(
        PutRequest.of(Key.of("a"), Bytes.EMPTY)
            .withMode(PutMode.REFRESH)
            .withPrecondition(revisionIs(first)),
        Reason.CHANGED);
  }

  @Test
  void delete_missing_isRefused() {
    assertThat(refused(removal("a"), Reason.MISSING).entry()).isEmpty();
    refused(guardedRemoval(revisionIs(put("b", "1"))), Reason.MISSING);
    refused(guardedRemoval(valueIs("1")), Reason.MISSING);
  }

  @Test
  void delete_twice_isRefusedTheSecondTime() {
    put("a", "1");
    deleted(removal("a"));

    refused(removal("a"), Reason.MISSING);
  }

  @Test
  void deleteRevisionIs_decidesByTheRevision() {
    Entry first = put("a", "1");
    Entry second = put("a", "2");

    assertThat(refused(guardedRemoval(revisionIs(first)), Reason.CHANGED).entry()).contains(second);
    assertThat(deleted(guardedRemoval(revisionIs(second))).previous()).isEqualTo(second);
    assertThat(get("a")).isEmpty();
  }

  @Test
  void deleteValueIs_decidesByTheValue() {
    Entry entry = put("a", "1");

    assertThat(refused(guardedRemoval(valueIs("2")), Reason.CHANGED).entry()).contains(entry);
    assertThat(deleted(guardedRemoval(valueIs("1"))).previous()).isEqualTo(entry);
  }

  @Test
  void refusals_makeNoEvents() throws InterruptedException {
    Entry entry = put("a", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    refused(guarded("2", Precondition.ABSENT), Reason.EXISTS);
    refused(guarded("2", valueIs("x")), Reason.CHANGED);
    refused(guardedRemoval(new Precondition.RevisionIs(NEVER)), Reason.CHANGED);
    refused(removal("b"), Reason.MISSING);
    put("last", "");

    assertThat(changes.before("last")).isEmpty();
    assertThat(get("a")).contains(entry);
  }

  @Test
  void changes_carryTheCauseOfTheirPrecondition() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    stored(guarded("1", Precondition.ABSENT));
    stored(guarded("2", Precondition.NONE));
    stored(guarded("3", Precondition.PRESENT));
    Entry swapped = stored(guarded("4", valueIs("3"))).entry();
    deleted(guardedRemoval(revisionIs(swapped)));
    put("a", "5");
    deleted(removal("a"));

    assertThat(changes.nextPut().cause()).isEqualTo(Cause.CREATE);
    assertThat(changes.nextPut().cause()).isEqualTo(Cause.SET);
    assertThat(changes.nextPut().cause()).isEqualTo(Cause.UPDATE);
    assertThat(changes.nextPut().cause()).isEqualTo(Cause.COMPARE_AND_SWAP);
    assertThat(changes.nextDelete().cause()).isEqualTo(Cause.COMPARE_AND_DELETE);
    assertThat(changes.nextPut().cause()).isEqualTo(Cause.SET);
    assertThat(changes.nextDelete().cause()).isEqualTo(Cause.DELETE);
  }

  @Test
  void concurrentCreators_oneWins() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "race" + round;
      List<PutOutcome> outcomes =
          Together.run(
              8,
              harness().patience(),
              thread ->
                  Await.change(
                      store().put(value(key, "" + thread).withPrecondition(Precondition.ABSENT))));

      assertThat(outcomes).filteredOn(o -> o instanceof PutOutcome.Stored).hasSize(1);
      Entry winner = get(key).orElseThrow();
      assertThat(outcomes)
          .filteredOn(o -> o instanceof Refused)
          .allSatisfy(o -> assertThat(((Refused) o).entry()).contains(winner));
    }
  }

  @Test
  void concurrentSwaps_ofOneRevision_oneWins() throws Exception {
    Entry first = put("a", "1");

    List<PutOutcome> outcomes =
        Together.run(
            8,
            harness().patience(),
            thread -> Await.change(store().put(guarded("by " + thread, revisionIs(first)))));

    assertThat(outcomes).filteredOn(o -> o instanceof PutOutcome.Stored).hasSize(1);
    assertThat(get("a").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void concurrentDeletes_oneWins() throws Exception {
    put("a", "1");

    List<DeleteOutcome> outcomes =
        Together.run(8, harness().patience(), thread -> Await.change(store().delete(removal("a"))));

    assertThat(outcomes).filteredOn(o -> o instanceof DeleteOutcome.Deleted).hasSize(1);
  }

  @Test
  void concurrentCounters_loseNoIncrement() throws Exception {
    int each = 10;
    Entry zero = put("a", "0");

    Together.run(
        4,
        harness().patience(),
        thread -> {
          Entry known = zero;
          for (int i = 0; i < each; i++) {
            known = increment(known);
          }
          return known;
        });

    assertThat(text("a")).contains(Integer.toString(4 * each));
  }

  private Entry increment(Entry known) {
    Entry current = known;
    while (true) {
      int next = Integer.parseInt(current.value().toText()) + 1;
      switch (Await.change(store().put(guarded(Integer.toString(next), revisionIs(current))))) {
        case PutOutcome.Stored stored -> {
          return stored.entry();
        }
        case Refused refused -> current = refused.entry().orElseThrow();
      }
    }
  }
}
