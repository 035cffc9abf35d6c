package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubekv.Await;
import io.kubekv.CompactedException;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.FutureRevisionException;
import io.kubekv.ListRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 4 where the history is cut off on request: for good, for everybody, and no further. */
abstract class CompactionContract extends ContractGroup {
  CompactionContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private Revision compact(Revision first) {
    return Await.change(store().compact(first));
  }

  private Optional<String> textAt(String key, Revision revision) {
    ListRequest request = ListRequest.of(exact(key));
    return Await.read(store().list(request, new Freshness.At(revision))).entries().stream()
        .findFirst()
        .map(entry -> entry.value().toText());
  }

  private void assertForgotten(String key, Revision revision) {
    assertThat(catchThrowableOfType(CompactedException.class, () -> textAt(key, revision)).wanted())
        .isEqualTo(revision);
  }

  private void assertCompactedAlready(Revision first) {
    assertThat(catchThrowableOfType(CompactedException.class, () -> compact(first)).wanted())
        .isEqualTo(first);
  }

  @Test
  void compact_readsBeforeItAreForgotten_andNoOthers() {
    Revision first = put("a", "1").modifyRevision();
    Revision second = put("a", "2").modifyRevision();
    put("b", "1");

    Revision answered = compact(second);

    assertForgotten("a", first);
    assertThat(textAt("a", second)).contains("2");
    assertThat(text("a")).contains("2");
    assertThat(answered).isEqualTo(second.next()).isEqualTo(revision());
    eventually("the status says it", () -> store().status().oldest().equals(second));
  }

  @Test
  void compact_atTheLatestRevision_leavesWhatStands() {
    put("a", "1");
    Entry last = put("a", "2");

    compact(last.modifyRevision());

    assertThat(textAt("a", last.modifyRevision())).contains("2");
    assertThat(get("a")).contains(last);
    assertThat(put("a", "3").modifyRevision()).isEqualTo(last.modifyRevision().next());
  }

  @Test
  void compact_watchThatBeginsBeforeIt_isGone() throws InterruptedException {
    Revision first = put("a", "1").modifyRevision();
    Revision second = put("b", "1").modifyRevision();

    compact(second);

    WatchEvent event = watch(WatchRequest.from(Range.all(), first)).next();
    assertThat(event).isEqualTo(new WatchEvent.HistoryGone(second));
    assertThat(watch(WatchRequest.from(exact("a"), first)).next())
        .as("of a key that has not changed since")
        .isInstanceOf(WatchEvent.HistoryGone.class);
    assertThat(watch(WatchRequest.from(Range.all(), second)).nextPut().revision())
        .isEqualTo(second);
    assertThat(watch(WatchRequest.fromOldest(Range.all())).nextPut().revision()).isEqualTo(second);
  }

  @Test
  void compact_openWatches_goOn() throws InterruptedException {
    Changes all = watch(WatchRequest.fromNow(Range.all()));
    Changes one = watch(WatchRequest.fromNow(exact("a")));
    Revision first = put("a", "1").modifyRevision();
    Revision second = put("b", "1").modifyRevision();

    compact(second);
    put("a", "2");

    assertThat(all.nextPut().revision()).isEqualTo(first);
    assertThat(all.nextPut().revision()).isEqualTo(second);
    assertThat(all.nextPut().revision()).isEqualTo(second.next());
    assertThat(one.nextPut().revision()).isEqualTo(first);
    assertThat(one.nextPut().revision()).isEqualTo(second.next());
  }

  @Test
  void compact_atARevisionThatHasNotCome_isRefused() {
    Revision first = put("a", "1").modifyRevision();

    FutureRevisionException early =
        catchThrowableOfType(FutureRevisionException.class, () -> compact(first.next()));

    assertThat(early.wanted()).isEqualTo(first.next());
    assertThat(early.latest()).isEqualTo(first);
    assertThat(textAt("a", first)).contains("1");
  }

  @Test
  void compact_again_isRefusedUnlessItIsLater() {
    Revision first = put("a", "1").modifyRevision();
    Revision second = put("a", "2").modifyRevision();
    Revision third = put("a", "3").modifyRevision();

    compact(second);

    assertCompactedAlready(second);
    assertCompactedAlready(first);
    compact(third);
    assertForgotten("a", second);
    assertCompactedAlready(third);
  }

  @Test
  void compact_staysSo_afterARestart() {
    Revision first = put("a", "1").modifyRevision();
    Revision second = put("a", "2").modifyRevision();
    compact(second);

    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    assertForgotten("a", first);
    assertCompactedAlready(second);
    assertThat(text("a")).contains("2");
  }
}
