package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteOutcome;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Lookup;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.RangeDeleted;
import io.kubekv.Revision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 1: one order of changes; what an entry knows of it, and of what was put. */
abstract class RevisionContract extends ContractGroup {
  RevisionContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  @Test
  void newStore_isAtARevisionAndEmpty() {
    Listing all = Await.read(store().list(ListRequest.of(Range.all()), Freshness.LINEARIZABLE));

    assertThat(all.entries()).isEmpty();
    assertThat(all.revision()).isEqualTo(revision()).isGreaterThan(Revision.ZERO);
    assertThat(Await.read(store().sessions().list(Freshness.LINEARIZABLE)).changed())
        .isGreaterThan(Revision.ZERO);
    assertThat(put("a", "1").modifyRevision()).isEqualTo(all.revision().next());
  }

  @Test
  void put_newKey_startsAtVersionOne() {
    PutOutcome.Stored stored = stored(value("a", "1"));

    Entry entry = stored.entry();
    assertThat(stored.previous()).isEmpty();
    assertThat(entry.createRevision()).isEqualTo(entry.modifyRevision());
    assertThat(entry.modifyRevision()).isGreaterThan(Revision.ZERO);
    assertThat(entry.version()).isEqualTo(1);
    assertThat(entry.kind()).isEqualTo(Kind.VALUE);
    assertThat(entry.expiry()).isEmpty();
  }

  @Test
  void put_presentKey_keepsCreateRevisionAndCountsVersion() {
    Entry first = put("a", "1");

    PutOutcome.Stored second = stored(value("a", "2"));

    assertThat(second.previous()).contains(first);
    assertThat(second.entry().createRevision()).isEqualTo(first.createRevision());
    assertThat(second.entry().modifyRevision()).isGreaterThan(first.modifyRevision());
    assertThat(second.entry().version()).isEqualTo(2);
  }

  @Test
  void put_replacing_startsANewEntry() {
    Entry first = put("a", "1");

    PutOutcome.Stored second = stored(value("a", "2").withMode(PutMode.REPLACE));

    assertThat(second.previous()).contains(first);
    assertThat(second.entry().createRevision()).isEqualTo(second.entry().modifyRevision());
    assertThat(second.entry().createRevision()).isGreaterThan(first.modifyRevision());
    assertThat(second.entry().version()).isEqualTo(2);
  }

  @Test
  void put_sameValueAgain_makesANewRevision() {
    Entry first = put("a", "same");

    Entry second = put("a", "same");

    assertThat(second.modifyRevision()).isGreaterThan(first.modifyRevision());
    assertThat(second.version()).isEqualTo(2);
    assertThat(get("a")).contains(second);
  }

  @Test
  void put_refreshing_keepsValueAndFlagsAndCountsVersion() {
    Entry first = stored(value("a", "1").withFlags(7)).entry();

    Entry refreshed =
        stored(
                PutRequest.of(Key.of("a"), Bytes.EMPTY)
                    .withMode(PutMode.REFRESH)
                    .withTimeToLive(Duration.ofHours(1)))
            .entry();

    assertThat(refreshed.value()).isEqualTo(first.value());
    assertThat(refreshed.flags()).isEqualTo(7);
    assertThat(refreshed.createRevision()).isEqualTo(first.createRevision());
    assertThat(refreshed.version()).isEqualTo(2);
    assertThat(refreshed.expiry().map(expiry -> expiry.timeToLive())).contains(Duration.ofHours(1));
  }

  @Test
  void put_afterDelete_startsAgain() {
    put("a", "1");
    DeleteOutcome.Deleted deleted = deleted(removal("a"));

    PutOutcome.Stored again = stored(value("a", "2"));

    assertThat(again.previous()).isEmpty();
    assertThat(again.entry().createRevision()).isEqualTo(again.entry().modifyRevision());
    assertThat(again.entry().modifyRevision()).isGreaterThan(deleted.revision());
    assertThat(again.entry().version()).isEqualTo(1);
  }

  @Test
  void delete_hasARevisionOfItsOwn() {
    Entry entry = put("a", "1");

    DeleteOutcome.Deleted deleted = deleted(removal("a"));

    assertThat(deleted.previous()).isEqualTo(entry);
    assertThat(deleted.revision()).isGreaterThan(entry.modifyRevision());
  }

  @Test
  void deleteRange_hasARevisionOfItsOwn() {
    put("a/1", "1");
    Entry last = put("a/2", "2");

    RangeDeleted deleted = Await.change(store().deleteRange(prefix("a/")));

    assertThat(deleted.revision()).isGreaterThan(last.modifyRevision());
    assertThat(put("b", "1").modifyRevision()).isGreaterThan(deleted.revision());
  }

  @Test
  void changesOfManyKeys_haveOneOrder() {
    List<Revision> revisions =
        List.of(
            put("b", "1").modifyRevision(),
            put("a", "1").modifyRevision(),
            deleted(removal("b")).revision(),
            stored(treeValue("d/e", "1")).entry().modifyRevision(),
            stored(value("a", "2").withMode(PutMode.REPLACE)).entry().modifyRevision(),
            deleted(removal("a")).revision());

    assertThat(revisions).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void changes_areNumberedWithoutGaps() {
    Revision first = put("counted", "1").modifyRevision();
    Await.change(store().put(value("counted", "2").withPrecondition(Precondition.ABSENT)));
    Await.read(store().get(Key.of("counted"), Freshness.LINEARIZABLE));
    Await.change(store().delete(removal("none")));
    Await.change(store().deleteRange(prefix("none")));

    List<Revision> next =
        List.of(
            put("b", "1").modifyRevision(),
            stored(treeValue("d/e/f", "1")).entry().modifyRevision(),
            Await.change(store().deleteRange(tree("d"))).revision(),
            deleted(removal("counted")).revision());

    assertThat(next.stream().map(revision -> revision.value() - first.value()))
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void madeParents_haveTheRevisionOfTheirPut() {
    Entry entry = stored(treeValue("made/parents/of", "1")).entry();

    for (String parent : List.of("made", "made/parents")) {
      assertThat(get(parent).map(Entry::createRevision)).contains(entry.modifyRevision());
      assertThat(get(parent).map(Entry::modifyRevision)).contains(entry.modifyRevision());
    }
  }

  @Test
  void concurrentPuts_eachHasARevisionOfItsOwn() throws Exception {
    List<List<Revision>> revisions =
        Together.run(
            4,
            harness().patience(),
            thread ->
                List.of(
                    put("k" + thread, "1").modifyRevision(),
                    put("shared", "1").modifyRevision(),
                    put("shared", "2").modifyRevision(),
                    put("k" + thread, "2").modifyRevision()));

    assertThat(revisions).allSatisfy(own -> assertThat(own).isSorted());
    assertThat(revisions.stream().flatMap(List::stream)).doesNotHaveDuplicates();
  }

  @Test
  void get_afterPut_returnsTheEntryAsStored() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    Entry entry =
        stored(PutRequest.of(Key.of("bytes"), Bytes.copyOf(all)).withFlags(Long.MIN_VALUE + 1))
            .entry();

    assertThat(entry.value()).isEqualTo(Bytes.copyOf(all));
    assertThat(entry.flags()).isEqualTo(Long.MIN_VALUE + 1);
    assertThat(get("bytes")).contains(entry);
  }

  @Test
  void get_oddKeysAndValues_returnsThemUnchanged() {
    List<String> keys =
        List.of(
            "a",
            "A",
            "a/",
            "/a",
            "a//b",
            " ",
            ".",
            "..",
            "ü/\u20ac",
            "\uD83D\uDE00",
            "a\nb",
            "%2F",
            "x".repeat(300),
            "k8s.io:0",
            "\uFFFD",
            "\u0301");
    keys.forEach(key -> put(key, "value of " + key));
    put("empty", "");

    assertThat(keys).allSatisfy(key -> assertThat(text(key)).contains("value of " + key));
    assertThat(text("empty")).contains("");
  }

  @Test
  void get_missingKey_isEmptyAtARevision() {
    Revision last = put("a", "1").modifyRevision();

    Lookup missing = Await.read(store().get(Key.of("b"), Freshness.LINEARIZABLE));

    assertThat(missing.entry()).isEqualTo(Optional.empty());
    assertThat(missing.revision()).isGreaterThanOrEqualTo(last);
  }

  @Test
  void revision_afterChange_isAtLeastTheChange() {
    Revision put = put("a", "1").modifyRevision();
    assertThat(revision()).isGreaterThanOrEqualTo(put);

    Revision delete = deleted(removal("a")).revision();
    assertThat(revision()).isGreaterThanOrEqualTo(delete);
  }
}
