package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3 for ranges: one change, whatever the number of keys. */
abstract class RangeDeleteContract extends ContractGroup {
  RangeDeleteContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private void putAll(String... keys) {
    for (String key : keys) {
      put(key, "value of " + key);
    }
  }

  private static List<String> keys(List<Entry> entries) {
    return entries.stream().map(entry -> entry.key().text()).toList();
  }

  @Test
  void deleteRange_nothingThere_removesNothing() {
    Revision before = put("other", "1").modifyRevision();

    RangeDeleted deleted = Await.change(store().deleteRange(tree("a")));

    assertThat(deleted.count()).isZero();
    assertThat(deleted.top()).isEmpty();
    assertThat(deleted.revision()).isGreaterThanOrEqualTo(before);
    assertThat(text("other")).contains("1");
  }

  @Test
  void deleteRange_prefix_removesWhatHasIt() {
    putAll("docker/net", "docker/network/x", "docker/ne", "docker/net/a");

    RangeDeleted deleted = Await.change(store().deleteRange(prefix("docker/net")));

    assertThat(deleted.count()).isEqualTo(3);
    assertThat(deleted.top()).isEmpty();
    assertThat(ListContract.keys(store(), Range.all())).containsExactly("docker/ne");
  }

  @Test
  void deleteRange_between_isToldInTheOrderOfTheKeys() throws InterruptedException {
    putAll("a", "a/b", "a/b/c", "ab", "b");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    RangeDeleted deleted =
        Await.change(
            store().deleteRange(new Range.Between(Key.of("a/"), Optional.of(Key.of("b")))));

    assertThat(deleted.count()).isEqualTo(3);
    assertThat(deleted.top()).isEmpty();
    for (String key : List.of("a/b", "a/b/c", "ab")) {
      WatchEvent.Delete event = changes.nextDelete();
      isPlainDelete(event);
      assertThat(event.previous().key()).isEqualTo(Key.of(key));
      assertThat(event.revision()).isEqualTo(deleted.revision());
    }
    assertThat(ListContract.keys(store(), Range.all())).containsExactly("a", "b");
  }

  @Test
  void deleteRange_tree_removesTheTopAndWhatIsBelow() {
    putAll("a", "a/b", "a/b/c", "ab", "a!");
    Entry top = get("a").orElseThrow();

    RangeDeleted deleted = Await.change(store().deleteRange(tree("a")));

    assertThat(deleted.count()).isEqualTo(3);
    assertThat(deleted.top()).contains(top);
    assertThat(ListContract.keys(store(), Range.all())).containsExactly("a!", "ab");
  }

  @Test
  void deleteRange_treeWithoutTop_removesWhatIsBelow() {
    putAll("a/b", "a/c/d", "ab");

    RangeDeleted deleted = Await.change(store().deleteRange(tree("a")));

    assertThat(deleted.count()).isEqualTo(2);
    assertThat(deleted.top()).isEmpty();
    assertThat(ListContract.keys(store(), Range.all())).containsExactly("ab");
  }

  @Test
  void deleteRange_exact_removesTheKeyAlone() {
    putAll("a", "a/b");

    assertThat(Await.change(store().deleteRange(exact("a"))).count()).isEqualTo(1);
    assertThat(ListContract.keys(store(), Range.all())).containsExactly("a/b");
  }

  @Test
  void deleteRange_everything_leavesAnEmptyUsableStore() {
    putAll("a", "b/c");

    Await.change(store().deleteRange(Range.all()));

    assertThat(ListContract.keys(store(), Range.all())).isEmpty();
    assertThat(put("a", "again").version()).isEqualTo(1);
  }

  @Test
  void deleteRange_prefix_isOneChangeWithAnEventForEachLeavesFirst() throws InterruptedException {
    putAll("a", "a/b", "a/b/c", "a/d");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    RangeDeleted deleted = Await.change(store().deleteRange(prefix("a")));
    put("last", "");

    List<WatchEvent> events = changes.before("last");
    assertThat(events).hasSize(4).allSatisfy(RangeDeleteContract::isPlainDelete);
    assertThat(events.stream().map(WatchEvent::revision)).containsOnly(deleted.revision());
    assertLeavesFirst(
        events.stream().map(event -> ((WatchEvent.Delete) event).previous()).toList());
  }

  @Test
  void deleteRange_tree_isOneEvent() throws InterruptedException {
    putAll("a", "a/b", "a/b/c", "a/d");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    RangeDeleted deleted = Await.change(store().deleteRange(tree("a")));
    put("last", "");

    List<WatchEvent> events = changes.before("last");
    assertThat(events).hasSize(1);
    WatchEvent.Delete delete = (WatchEvent.Delete) events.getFirst();
    assertThat(delete.revision()).isEqualTo(deleted.revision());
    assertThat(delete.previous().key().text()).isEqualTo("a");
    assertThat(keys(delete.below())).containsExactly("a/b", "a/b/c", "a/d");
  }

  @Test
  void deleteRange_whileRead_isSeenWholeOrNotAtAll() throws Exception {
    for (Range range : List.of(tree("a"), prefix("a"))) {
      for (int round = 0; round < 5; round++) {
        putAll("a", "a/b", "a/c", "a/d");
        Callable<Long> remover = () -> Await.change(store().deleteRange(range)).count();
        Callable<Long> reader =
            () -> {
              int seen = number(range);
              while (seen > 0) {
                assertThat(seen).as("whole or not at all").isEqualTo(4);
                seen = number(range);
              }
              return 4L;
            };

        assertThat(Together.all(harness().patience(), List.of(remover, reader))).containsOnly(4L);
      }
    }
  }

  /** How many entries a range has, all in one moment. */
  private int number(Range range) {
    TransactionOutcome outcome =
        Await.change(
            store()
                .transact(
                    TransactionRequest.of(
                        new TransactionOperation.ListRange(ListRequest.of(range)))));
    return ((Listing) ((TransactionOutcome.Committed) outcome).results().getFirst())
        .entries()
        .size();
  }

  private static void isPlainDelete(WatchEvent event) {
    assertThat(event).isInstanceOf(WatchEvent.Delete.class);
    WatchEvent.Delete delete = (WatchEvent.Delete) event;
    assertThat(delete.cause()).isEqualTo(Cause.DELETE);
    assertThat(delete.below()).isEmpty();
  }

  private static void assertLeavesFirst(List<Entry> deleted) {
    List<Entry> gone = new ArrayList<>();
    for (Entry entry : deleted) {
      assertThat(gone)
          .as("deleted before %s", entry.key())
          .noneMatch(earlier -> earlier.key().below().matches(entry.key()));
      gone.add(entry);
    }
  }
}
