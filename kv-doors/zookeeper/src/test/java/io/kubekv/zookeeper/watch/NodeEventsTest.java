package io.kubekv.zookeeper.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.DeleteRequest;
import io.kubekv.Key;
import io.kubekv.TransactionOperation;
import io.kubekv.zookeeper.read.LastingWatches;
import io.kubekv.zookeeper.read.Reads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What changes of keys are to the nodes above them. */
class NodeEventsTest {
  private final WatchesUnderTest under = new WatchesUnderTest();

  @AfterEach
  void close() {
    under.close();
  }

  private Reads reads() {
    return new Reads(under.call());
  }

  private static TransactionOperation delete(String key) {
    return new TransactionOperation.Delete(DeleteRequest.of(Key.of(key)));
  }

  @Test
  void node_thatComesWithSeveralChildren_isCreated() {
    assertThat(under.done(reads().exists("/a", true))).isNotNull();
    assertThat(under.done(reads().getChildren("/", true, false))).isNotNull();

    under.putTogether("a", "a/b", "a/c");

    under.isTold("CREATED /a", "CHILDREN_CHANGED /");
  }

  @Test
  void impliedNode_thatComesAndGoesWithSeveralChildren_isToldOnce() {
    assertThat(under.done(LastingWatches.on(under.call(), "/", true))).isNotNull();

    under.putTogether("a/b", "a/c");
    under.isTold("CREATED /a/b", "CREATED /a", "CREATED /a/c");
    under.watcher.events().clear();
    assertThat(under.changed(delete("a/b"), delete("a/c"))).isPositive();

    under.isTold("DELETED /a/b", "DELETED /a", "DELETED /a/c");
  }

  @Test
  void nodesThatComeAndGoTogether_areEachToldOnce() {
    assertThat(under.done(LastingWatches.on(under.call(), "/", true))).isNotNull();

    under.putTogether("a", "a/b", "a/b/c");
    under.isTold("CREATED /a", "CREATED /a/b", "CREATED /a/b/c");
    under.watcher.events().clear();
    assertThat(under.changed(delete("a/b/c"), delete("a/b"), delete("a"))).isPositive();

    under.isTold("DELETED /a/b/c", "DELETED /a/b", "DELETED /a");
  }

  @Test
  void impliedNode_isToldOf_whereNobodyWaitsForThoseBetween() {
    assertThat(under.done(reads().exists("/a", true))).isNotNull();

    under.put("a/b/c");
    under.isTold("CREATED /a");
    assertThat(under.done(reads().exists("/a", true))).isNotNull();
    assertThat(under.changed(delete("a/b/c"))).isPositive();

    under.isTold("CREATED /a", "DELETED /a");
  }

  @Test
  void node_thatWasThere_isNotToldToComeOrGo() {
    under.put("a/b/c");
    assertThat(under.done(reads().exists("/a", true))).isNotNull();

    under.put("a/b/d");
    assertThat(under.changed(delete("a/b/c"))).isPositive();
    under.put("a");

    under.isTold("DATA_CHANGED /a");
  }

  @Test
  void whoeverWaits_comesAgain_whereItIsNotKnownWhatHappened() {
    assertThat(under.done(reads().exists("/a", true))).isNotNull();
    under.store.forgetful = true;

    under.put("a/b");

    under.isLost();
    assertThat(under.watcher.events()).isEmpty();
  }
}
