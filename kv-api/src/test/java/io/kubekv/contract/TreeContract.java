package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.Layout;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Refused.Reason;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Promise 3 with {@link Layout#TREE}: etcd v2's rules (etcd 3.4, store/store.go). */
abstract class TreeContract extends ContractGroup {
  TreeContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static DeleteRequest treeRemoval(String key) {
    return removal(key).inTree();
  }

  private static DeleteRequest directoryRemoval(String key) {
    return removal(key).orDirectory();
  }

  private Kind kind(String key) {
    return get(key).orElseThrow().kind();
  }

  @Test
  void put_missingParents_makesThemDirectoriesFirst() throws InterruptedException {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Entry entry = stored(treeValue("a/b/c", "1")).entry();

    WatchEvent.Put top = changes.nextPut();
    WatchEvent.Put middle = changes.nextPut();
    assertThat(top.entry().key()).isEqualTo(Key.of("a"));
    assertThat(middle.entry().key()).isEqualTo(Key.of("a/b"));
    assertThat(List.of(top, middle))
        .allSatisfy(
            parent -> {
              assertThat(parent.cause()).isEqualTo(Cause.PARENT);
              assertThat(parent.entry().kind()).isEqualTo(Kind.DIRECTORY);
              assertThat(parent.entry().expiry()).isEmpty();
              assertThat(parent.previous()).isEmpty();
            });
    assertThat(changes.nextPut().entry()).isEqualTo(entry);
    assertThat(get("a")).contains(top.entry());
  }

  @Test
  void put_presentParents_leavesThemAlone() {
    stored(treeValue("a/b", "1"));
    Entry parent = get("a").orElseThrow();

    stored(treeValue("a/c", "1"));

    assertThat(get("a")).contains(parent);
  }

  @Test
  void put_refused_makesNoParents() {
    put("a", "file");

    Refused refused = refused(treeValue("a/b/c", "1"), Reason.NOT_A_DIRECTORY);

    assertThat(refused.entry()).isEqualTo(get("a"));
    assertThat(ListContract.keys(store(), Range.all())).containsExactly("a");
  }

  @Test
  void putPresent_missing_isRefusedAndMakesNoParents() {
    refused(treeValue("a/b", "1").withPrecondition(Precondition.PRESENT), Reason.MISSING);

    assertThat(ListContract.keys(store(), Range.all())).isEmpty();
  }

  @Test
  void put_onDirectory_isRefused() {
    Entry directory = stored(directory("a")).entry();
    assertThat(directory.kind()).isEqualTo(Kind.DIRECTORY);

    PutRequest set = treeValue("a", "1").withMode(PutMode.REPLACE);
    assertThat(refused(set, Reason.IS_DIRECTORY).entry()).contains(directory);
    refused(treeValue("a", "1"), Reason.IS_DIRECTORY);
    refused(directory("a"), Reason.IS_DIRECTORY);
    refused(set.withPrecondition(Precondition.ABSENT), Reason.EXISTS);
    refused(set.withPrecondition(new Precondition.ValueIs(Bytes.EMPTY)), Reason.IS_DIRECTORY);
    refused(
        set.withPrecondition(new Precondition.RevisionIs(directory.modifyRevision())),
        Reason.IS_DIRECTORY);

    assertThat(get("a")).contains(directory);
  }

  @Test
  void putDirectory_onValue_replacesIt() {
    put("a", "1");

    stored(directory("a"));

    assertThat(kind("a")).isEqualTo(Kind.DIRECTORY);
    assertThat(get("a").orElseThrow().value()).isEqualTo(Bytes.EMPTY);
  }

  @Test
  void putUpdate_onDirectory_changesOnlyItsExpiry() {
    Entry directory = stored(directory("a")).entry();
    stored(treeValue("a/b", "1"));
    PutRequest update =
        treeValue("a", "")
            .withPrecondition(Precondition.PRESENT)
            .withTimeToLive(Duration.ofHours(1));

    Entry updated = stored(update).entry();
    refused(treeValue("a", "x").withPrecondition(Precondition.PRESENT), Reason.IS_DIRECTORY);

    assertThat(updated.kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(updated.createRevision()).isEqualTo(directory.createRevision());
    assertThat(updated.expiry()).isPresent();
    assertThat(text("a/b")).contains("1");
  }

  @Test
  void delete_directory_needsToBeAskedForAndEmpty() {
    stored(treeValue("a/b", "1"));
    Optional<Entry> directory = get("a");

    assertThat(refused(treeRemoval("a"), Reason.IS_DIRECTORY).entry()).isEqualTo(directory);
    assertThat(refused(directoryRemoval("a"), Reason.NOT_EMPTY).entry()).isEqualTo(directory);
    deleted(treeRemoval("a/b"));
    assertThat(get("a")).as("an emptied directory stays").isEqualTo(directory);
    deleted(directoryRemoval("a"));

    assertThat(get("a")).isEmpty();
  }

  @Test
  void deleteRevisionIs_directory_isRefused() {
    Entry directory = stored(directory("a")).entry();

    refused(
        directoryRemoval("a")
            .withPrecondition(new Precondition.RevisionIs(directory.modifyRevision())),
        Reason.IS_DIRECTORY);
  }

  @Test
  void delete_value_needsNoDirectoryFlagAndHeedsValuesAbove() {
    stored(treeValue("a/b", "1"));
    Optional<Entry> file = get("a/b");

    assertThat(refused(treeRemoval("a/b/c"), Reason.NOT_A_DIRECTORY).entry()).isEqualTo(file);
    refused(treeRemoval("a/x"), Reason.MISSING);
    refused(treeRemoval("x/y"), Reason.MISSING);
    deleted(directoryRemoval("a/b"));

    assertThat(get("a/b")).isEmpty();
  }

  @Test
  void flatChanges_knowNoTree() {
    put("a", "1");
    put("a/b", "2");
    put("x/y", "3");

    assertThat(get("x")).isEmpty();
    deleted(removal("a"));
    assertThat(text("a/b")).contains("2");
  }

  @Test
  void concurrentPuts_belowOneMissingParent_makeItOnce() throws Exception {
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Together.run(6, harness().patience(), thread -> stored(treeValue("p/q/" + thread, "v")));
    put("last", "");

    List<WatchEvent> seen = changes.before("last");
    assertThat(seen).hasSize(8);
    assertThat(seen)
        .filteredOn(event -> event instanceof WatchEvent.Put put && put.cause() == Cause.PARENT)
        .hasSize(2);
    assertThat(kind("p/q")).isEqualTo(Kind.DIRECTORY);
  }

  @Test
  void concurrentFileAndChild_areNotBothThere() throws Exception {
    for (int round = 0; round < 5; round++) {
      String top = "race" + round;
      List<PutRequest> rivals =
          List.of(
              treeValue(top, "file").withPrecondition(Precondition.ABSENT),
              treeValue(top + "/child", "below"));

      Together.run(
          2, harness().patience(), thread -> Await.change(store().put(rivals.get(thread))));

      boolean file = kind(top) == Kind.VALUE;
      assertThat(get(top + "/child").isPresent()).isEqualTo(!file);
    }
  }
}
