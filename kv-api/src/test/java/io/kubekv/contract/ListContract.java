package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 2 for lists: one snapshot, ordered, at a revision. */
abstract class ListContract extends ContractGroup {
  private static final int ROUNDS = 25;

  ListContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  static List<String> keys(KeyValueStore store, Range range) {
    return keys(Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE)));
  }

  private static List<String> keys(Listing listing) {
    return listing.entries().stream().map(entry -> entry.key().text()).toList();
  }

  private Listing list(ListRequest request) {
    return Await.read(store().list(request, Freshness.LINEARIZABLE));
  }

  private void putAll(String... keys) {
    for (String key : keys) {
      put(key, "value of " + key);
    }
  }

  @Test
  void list_emptyStore_isEmpty() {
    Listing listing = list(ListRequest.of(Range.all()));

    assertThat(listing.entries()).isEmpty();
    assertThat(listing.prefixes()).isEmpty();
  }

  @Test
  void list_all_ordersByUtf8() {
    putAll("\uFF5E", "b", "\uD83D\uDE00", "a/", "a!", "a", "\u00e9", "B", "a/b", "a0");

    assertThat(keys(store(), Range.all()))
        .containsExactly(
            "B", "a", "a!", "a/", "a/b", "a0", "b", "\u00e9", "\uFF5E", "\uD83D\uDE00");
  }

  private static Range between(String from, String to) {
    return new Range.Between(Key.of(from), Optional.of(Key.of(to)));
  }

  @Test
  void list_between_hasTheFirstAndNotTheLast() {
    putAll("a", "a/b", "ab", "b", "b/c", "\uFF5E", "\uD83D\uDE00");

    assertThat(keys(store(), between("a/", "b"))).containsExactly("a/b", "ab");
    assertThat(keys(store(), between("a/b", "b/c"))).containsExactly("a/b", "ab", "b");
    assertThat(keys(store(), between("b/d", "\uD83D\uDE00"))).containsExactly("\uFF5E");
    assertThat(keys(store(), between("ab", "ab"))).isEmpty();
    assertThat(keys(store(), between("b", "a"))).isEmpty();
    assertThat(keys(store(), new Range.Between(Key.of("b"), Optional.empty())))
        .containsExactly("b", "b/c", "\uFF5E", "\uD83D\uDE00");
  }

  @Test
  void list_betweenWithLimit_saysThatThereIsMore() {
    putAll("a", "b", "c", "d");

    Listing some = list(ListRequest.of(between("a", "d")).withLimit(2));
    Listing all = list(ListRequest.of(between("b", "d")).withLimit(2));

    assertThat(keys(some)).containsExactly("a", "b");
    assertThat(some.more()).isTrue();
    assertThat(keys(all)).containsExactly("b", "c");
    assertThat(all.more()).isFalse();
  }

  @Test
  void list_prefix_isAStringPrefix() {
    putAll("docker/net", "docker/network/x", "docker/ne", "dockernet", "docker/net/a");

    assertThat(keys(store(), prefix("docker/net")))
        .containsExactly("docker/net", "docker/net/a", "docker/network/x");
  }

  @Test
  void list_tree_hasTheTopAndWhatIsBelow() {
    putAll("a", "a/b", "a/b/c", "ab", "a!");

    assertThat(keys(store(), tree("a"))).containsExactly("a", "a/b", "a/b/c");
    assertThat(keys(store(), tree("a/b"))).containsExactly("a/b", "a/b/c");
  }

  @Test
  void list_exact_hasTheKeyAlone() {
    putAll("a", "a/b");

    assertThat(keys(store(), exact("a"))).containsExactly("a");
    assertThat(keys(store(), exact("b"))).isEmpty();
  }

  @Test
  void list_oneLevelOfATree_cutsWhatIsDeeper() {
    putAll("a", "a/1", "a/2/x", "a/2/y", "a/3", "a/3/z", "ab/1");

    Listing listing = list(ListRequest.oneLevel(tree("a")));

    assertThat(keys(listing)).containsExactly("a", "a/1", "a/3");
    assertThat(listing.prefixes()).map(prefix -> prefix.text()).containsExactly("a/2/", "a/3/");
  }

  @Test
  void list_prefixWithDelimiter_cutsBehindTheFirstAfterThePrefix() {
    putAll("web/bar", "web/foo", "web/sub/a", "web/sub/b/c", "web/sub2/a", "web/");

    Listing listing = list(new ListRequest(prefix("web/s"), Optional.of("/")));

    assertThat(listing.entries()).isEmpty();
    assertThat(listing.prefixes())
        .map(prefix -> prefix.text())
        .containsExactly("web/sub/", "web/sub2/");
  }

  @Test
  void list_otherDelimiter_cutsThere() {
    putAll("a--1", "a--2", "b");

    Listing listing = list(new ListRequest(Range.all(), Optional.of("--")));

    assertThat(keys(listing)).containsExactly("b");
    assertThat(listing.prefixes()).map(prefix -> prefix.text()).containsExactly("a--");
  }

  @Test
  void list_hasEntriesAsGetHasThem() {
    Entry entry = stored(value("a", "1").withFlags(3)).entry();

    assertThat(list(ListRequest.of(Range.all())).entries()).containsExactly(entry);
  }

  @Test
  void list_standsNotBeforeWhatItShows() {
    Entry last = put("a", "1");

    Listing listing = list(ListRequest.of(Range.all()));

    assertThat(listing.revision()).isGreaterThanOrEqualTo(last.modifyRevision());
  }

  @Test
  void list_whileChanging_isOneSnapshot() throws Exception {
    put("a", "0");
    put("z", "0");
    CountDownLatch reading = new CountDownLatch(2);
    Callable<Integer> writer =
        () -> {
          for (int i = 1; reading.getCount() > 0; i++) {
            put("z", Integer.toString(i));
            put("a", Integer.toString(i));
          }
          return ROUNDS;
        };
    Callable<Integer> reader =
        () -> {
          try {
            for (int i = 0; i < ROUNDS; i++) {
              assertThatZIsOneAheadAtMost(list(ListRequest.of(Range.all())).entries());
            }
            return ROUNDS;
          } finally {
            reading.countDown();
          }
        };

    List<Integer> done = Together.all(harness().patience(), List.of(writer, reader, reader));

    assertThat(done).containsOnly(ROUNDS);
  }

  private static void assertThatZIsOneAheadAtMost(List<Entry> both) {
    int a = Integer.parseInt(both.getFirst().value().toText());
    int z = Integer.parseInt(both.getLast().value().toText());
    assertThat(z - a).as("z is written first, a next: %s", both).isBetween(0, 1);
  }

  @Test
  void list_whileChanging_isTheStateAtItsRevision() throws Exception {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));
    List<List<Listing>> listings =
        Together.run(
            3,
            harness().patience(),
            thread -> {
              List<Listing> own = new ArrayList<>();
              for (int i = 0; i < ROUNDS; i++) {
                String key = "k" + (i % 4);
                if (i % 5 == 4) {
                  Await.change(store().delete(removal(key)));
                } else {
                  put(key, thread + "/" + i);
                }
                own.add(list(ListRequest.of(Range.all())));
              }
              return own;
            });
    put("last", "");

    List<WatchEvent> history = changes.before("last");

    assertThat(listings.stream().flatMap(List::stream))
        .allSatisfy(
            listing ->
                assertThat(listing.entries()).isEqualTo(stateAt(history, listing.revision())));
  }

  /** A state that somebody worked out, and the revision that it stands at. */
  private record State(Revision revision, List<Entry> entries) {}

  @Test
  void list_thenWatchFromItsRevision_missesNothing() throws Exception {
    Changes all = watch(WatchRequest.fromNow(Range.all()));
    List<State> states =
        Together.run(
            3,
            harness().patience(),
            thread -> {
              changeAll(thread);
              Listing listing = list(ListRequest.of(Range.all()));
              Changes changes = watch(WatchRequest.from(Range.all(), listing.revision().next()));
              changeAll(thread);
              put("done" + thread, "");
              return followed(listing, changes.before("done" + thread));
            });
    put("last", "");

    List<WatchEvent> history = all.before("last");

    assertThat(states)
        .allSatisfy(
            state -> assertThat(state.entries()).isEqualTo(stateAt(history, state.revision())));
  }

  private void changeAll(int thread) {
    for (int i = 0; i < ROUNDS; i++) {
      put("k" + i % 3, thread + "/" + i);
    }
  }

  private static State followed(Listing listing, List<WatchEvent> events) {
    Map<Key, Entry> state = new TreeMap<>();
    listing.entries().forEach(entry -> state.put(entry.key(), entry));
    events.forEach(event -> apply(state, event));
    return new State(events.getLast().revision(), List.copyOf(state.values()));
  }

  private static List<Entry> stateAt(List<WatchEvent> history, Revision revision) {
    Map<Key, Entry> state = new TreeMap<>();
    for (WatchEvent event : history) {
      if (!event.revision().isAfter(revision)) {
        apply(state, event);
      }
    }
    return List.copyOf(state.values());
  }

  private static void apply(Map<Key, Entry> state, WatchEvent event) {
    switch (event) {
      case WatchEvent.Put put -> state.put(put.entry().key(), put.entry());
      case WatchEvent.Delete delete -> {
        state.remove(delete.previous().key());
        delete.below().forEach(entry -> state.remove(entry.key()));
      }
      case WatchEvent.Progress progress -> {}
      case WatchEvent.HistoryGone gone -> throw new AssertionError("history gone: " + gone);
    }
  }

  @Test
  void limit_isKept() {
    putAll("c", "a", "d", "b");

    assertThat(keys(list(ListRequest.of(Range.all()).withLimit(2)))).containsExactly("a", "b");
  }

  @Test
  void limit_ofATree_countsItsTop() {
    putAll("a", "a/b", "a/c");

    Listing listing = list(ListRequest.of(tree("a")).withLimit(2));

    assertThat(keys(listing)).containsExactly("a", "a/b");
    assertThat(listing.more()).isTrue();
  }

  @Test
  void limit_whatIsLeftIsSaid() {
    putAll("a", "b", "c");

    assertThat(list(ListRequest.of(Range.all()).withLimit(2)).more()).isTrue();
    assertThat(list(ListRequest.of(Range.all()).withLimit(3)).more()).isFalse();
    assertThat(list(ListRequest.of(Range.all())).more()).isFalse();
  }

  private long counted(Range range) {
    return list(ListRequest.of(range).withLimit(1)).count();
  }

  @Test
  void count_isOfTheWholeRange_whateverTheLimit() {
    putAll("a", "a/b", "a/c", "a0", "ab", "b", "\uDBFF\uDFFF", "\uDBFF\uDFFF\uDBFF\uDFFF");

    assertThat(counted(Range.all())).isEqualTo(8);
    assertThat(counted(prefix("a"))).isEqualTo(5);
    assertThat(counted(prefix("\uDBFF\uDFFF"))).isEqualTo(2);
    assertThat(counted(prefix("c"))).isZero();
    assertThat(counted(tree("a"))).isEqualTo(3);
    assertThat(counted(tree("a/b"))).isEqualTo(1);
    assertThat(counted(exact("ab"))).isEqualTo(1);
    assertThat(counted(exact("ac"))).isZero();
    assertThat(counted(between("a/", "ab"))).isEqualTo(3);
    assertThat(counted(between("b", "a"))).isZero();
    assertThat(counted(new Range.Between(Key.of("ab"), Optional.empty()))).isEqualTo(4);
    assertThat(list(ListRequest.of(prefix("a"))).count()).isEqualTo(5);
    assertThat(list(ListRequest.of(prefix("a")).withLimit(5)).count()).isEqualTo(5);
  }

  @Test
  void count_withADelimiter_isOfWhatIsAnswered() {
    putAll("a", "b/1", "b/2", "c", "d/1", "e");

    assertThat(list(ListRequest.oneLevel(Range.all())).count()).isEqualTo(5);
    assertThat(list(ListRequest.oneLevel(Range.all()).withLimit(3)).count()).isEqualTo(3);
  }

  @Test
  void count_ofAFormerRevision_isWhatStoodThen() {
    putAll("a", "b", "c");
    Revision then = list(ListRequest.of(Range.all())).revision();
    putAll("d", "e");

    ListRequest one = ListRequest.of(Range.all()).withLimit(1);
    assertThat(Await.read(store().list(one, new Freshness.At(then))).count()).isEqualTo(3);
    assertThat(Await.read(store().list(one, Freshness.LINEARIZABLE)).count()).isEqualTo(5);
  }

  @Test
  void limit_withADelimiter_countsPrefixesAmongTheEntries() {
    putAll("a", "b/1", "b/2", "c", "d/1", "e");

    Listing listing = list(ListRequest.oneLevel(Range.all()).withLimit(3));

    assertThat(keys(listing)).containsExactly("a", "c");
    assertThat(listing.prefixes()).extracting(Prefix::text).containsExactly("b/");
    assertThat(listing.more()).isTrue();
  }

  @Test
  void limit_withADelimiter_endingWithAPrefix_saysThatNothingIsLeft() {
    putAll("a", "b/1", "b/2");

    Listing listing = list(ListRequest.oneLevel(Range.all()).withLimit(2));

    assertThat(keys(listing)).containsExactly("a");
    assertThat(listing.prefixes()).extracting(Prefix::text).containsExactly("b/");
    assertThat(listing.more()).isFalse();
  }

  @Test
  void limit_inATransaction_isKept() {
    putAll("a", "b", "c");

    TransactionOutcome outcome =
        Await.read(
            store()
                .transact(
                    TransactionRequest.of(
                        new TransactionOperation.ListRange(
                            ListRequest.of(Range.all()).withLimit(2)))));

    assertThat(outcome).isInstanceOf(TransactionOutcome.Committed.class);
    Listing listing = (Listing) ((TransactionOutcome.Committed) outcome).results().getFirst();
    assertThat(keys(listing)).containsExactly("a", "b");
    assertThat(listing.more()).isTrue();
    assertThat(listing.count()).isEqualTo(3);
  }
}
