package io.kubekv.zookeeper.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.zookeeper.access.Acls;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.call.Reply;
import io.kubekv.zookeeper.read.LastingWatches;
import io.kubekv.zookeeper.read.Reads;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.EventType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told, and from when on; the loop's turns are those of the test. */
class WatchesTest {
  private final WatchesUnderTest under = new WatchesUnderTest();
  private final WatchesUnderTest.Follower store = under.store;
  private final Watches watches = under.watches;
  private final Told watcher = under.watcher;

  @AfterEach
  void close() {
    under.close();
  }

  private Call call() {
    return under.call();
  }

  private <T> T done(CompletableFuture<T> future) {
    return under.done(future);
  }

  private void isTold(String... events) {
    under.isTold(events);
  }

  private long put(String key) {
    return under.put(key);
  }

  @Test
  void follower_isAskedForItsRevision_andNobodyWaits() {
    store.ready = new CompletableFuture<>();
    CompletableFuture<Reply> first = new Reads(call()).exists("/a", true);
    CompletableFuture<Reply> second = new Reads(call()).exists("/b", true);
    assertThat(first).isNotDone();

    store.ready.complete(null);

    assertThat(done(first).code()).isEqualTo(Code.NO_NODE);
    assertThat(done(second).code()).isEqualTo(Code.NO_NODE);
    assertThat(store.watched).isEqualTo(1);
    put("a");
    isTold("CREATED /a");
  }

  @Test
  void store_staysWatched_whileSomethingIsReadThatWillBeWaitedFor() {
    Told other = new Told(1);
    CompletableFuture<Void> late = new CompletableFuture<>();
    watches.addData("/x", other, 0);
    CompletableFuture<Revision> read =
        watches.reading(
            WatchedRead.lasting(
                call().nodes(),
                freshness -> late.thenCompose(now -> under.whole.revision(freshness))),
            now -> watches.addLasting("/a", watcher, true, now));

    watches.removeAll(other);
    put("a/b");
    late.complete(null);
    assertThat(done(read)).isNotNull();

    put("a/c");
    isTold("CREATED /a/c");
    assertThat(store.watched).isEqualTo(1);
  }

  @Test
  void lastingWatch_isNotToldAgainOfWhatItWasTold() {
    assertThat(done(LastingWatches.on(call(), "/a", true))).isNotNull();
    put("a");
    isTold("CREATED /a");

    assertThat(done(LastingWatches.on(call(), "/b", false))).isNotNull();
    assertThat(done(LastingWatches.on(call(), "/a", true))).isNotNull();
    assertThat(done(new Reads(call()).exists("/c", true))).isNotNull();

    isTold("CREATED /a");
  }

  @Test
  void nobodyIsWatchedFor_onceAllIsRead_andNobodyWaits() {
    assertThat(done(LastingWatches.on(call(), "/a", true))).isNotNull();

    assertThat(watches.isOpen()).isTrue();

    watches.removeAll(watcher);

    assertThat(watches.isOpen()).isFalse();
  }

  @Test
  void whoeverSetsAWatch_owesTheAnswerOfItsRead() {
    for (String key : List.of("a", "b", "c")) {
      long read = put(key);
      Reply answer =
          switch (key) {
            case "a" -> done(new Reads(call()).exists("/a", true));
            case "b" -> done(new Reads(call()).getData("/a", true));
            default -> done(new Reads(call()).getChildren("/a", true, false));
          };

      assertThat(answer.revision().value()).isEqualTo(read);
      assertThat(watcher.owed()).isEqualTo(read);
    }
    long added = put("d");

    assertThat(done(LastingWatches.on(call(), "/a", false)).value()).isEqualTo(added);
    assertThat(watcher.owed()).isEqualTo(added);
  }

  @Test
  void watch_isNotSpentByWhatCameBeforeItsRead() {
    assertThat(done(new Reads(call()).exists("/a", true)).code()).isEqualTo(Code.NO_NODE);
    put("a");

    assertThat(done(new Reads(call()).getData("/a", true)).code()).isEqualTo(Code.OK);
    isTold("CREATED /a");
    put("a");

    isTold("CREATED /a", "DATA_CHANGED /a");
  }

  @Test
  void impliedNode_thatCameWhileItWasRead_isReadAgain() {
    store.read = new CompletableFuture<>();
    CompletableFuture<Reply> read = new Reads(call()).exists("/a", true);
    long come = put("a/b");
    await()
        .until(
            () -> {
              under.turn();
              return watches.position() >= come;
            });

    store.read.complete(null);

    assertThat(done(read).code()).isEqualTo(Code.OK);
  }

  @Test
  void told_failsWhereNobodyKnowsWhatThereIsToTell_andDoesNotCountAsTold() {
    assertThat(done(new Reads(call()).exists("/a", true)).code()).isEqualTo(Code.NO_NODE);
    store.cutOff();
    long revision = put("a");

    for (int i = 0; i < 2; i++) {
      assertThat(watches.told(watcher, revision))
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .havingCause()
          .isInstanceOf(UnavailableException.class);
    }
    assertThat(watcher.events()).isEmpty();
  }

  @Test
  void lastingWatch_thatMayNotBeInWhole_isNone() {
    Told few = new Told(1);
    Told three = new Told(3);

    assertThatThrownBy(() -> watches.addLasting("/a", few, false, Revision.ZERO))
        .isInstanceOf(OverLimitException.class);
    watches.addData("/a", three, 0);
    assertThatThrownBy(() -> watches.addLasting("/a", three, true, Revision.ZERO))
        .isInstanceOf(OverLimitException.class);

    assertThat(few.waiting()).isZero();
    assertThat(three.waiting()).isEqualTo(1);
    watches.data().trigger("/a/b", EventType.CREATED, 1, List.of(Acls.OPEN), new HashSet<>());
    watches.data().trigger("/a", EventType.CREATED, 1, List.of(Acls.OPEN), new HashSet<>());
    assertThat(three.events()).containsExactly("CREATED /a");
    assertThat(three.waiting()).isZero();
    assertThat(watches.watchers()).isEmpty();
  }
}
