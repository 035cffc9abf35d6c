package io.kubekv.zookeeper.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.call.Reply;
import io.kubekv.zookeeper.node.Nodes;
import io.kubekv.zookeeper.read.LastingWatches;
import io.kubekv.zookeeper.read.Reads;
import io.kubekv.zookeeper.wire.Code;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told, and from when on; the loop's turns are those of the test. */
class WatchesTest {
  private final KeyValueStore whole = EngineStore.inMemory();
  private final Follower store = new Follower(whole);
  private final Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
  private final Watches watches = new Watches(store, turns::add);
  private final Told watcher = new Told(100);

  /** Where a watch from now on would ask the holder and wait, and revisions come later. */
  private static final class Follower extends DelegatingStore {
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private int watched;

    Follower(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Revision> revision(Freshness freshness) {
      return ready.thenCompose(now -> inner().revision(freshness));
    }

    @Override
    public Watch watch(WatchRequest request) {
      assertThat(request.start()).isInstanceOf(WatchRequest.From.class);
      watched++;
      return inner().watch(request);
    }
  }

  @AfterEach
  void close() {
    watches.close();
    whole.close();
  }

  private Call call() {
    Nodes nodes = new Nodes(store, Revision.ZERO, turns::add);
    return new Call(nodes, nodes, List.<Id>of(), 1, Revision.ZERO, watcher, watches);
  }

  private void turn() {
    for (Runnable next = turns.poll(); next != null; next = turns.poll()) {
      next.run();
    }
  }

  private <T> T done(CompletableFuture<T> future) {
    await()
        .until(
            () -> {
              turn();
              return future.isDone();
            });
    return future.join();
  }

  private void isTold(String... events) {
    await()
        .untilAsserted(
            () -> {
              turn();
              assertThat(watcher.events()).containsExactly(events);
            });
  }

  private void put(String key) {
    var unused = Await.change(whole.put(PutRequest.of(Key.of(key), Bytes.utf8("x"))));
  }

  @Test
  void follower_isAskedForItsRevision_andNobodyWaits() {
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
    store.ready.complete(null);
    Told other = new Told(1);
    CompletableFuture<Void> late = new CompletableFuture<>();
    watches.addData("/x", other, 0);
    CompletableFuture<Revision> read =
        watches.reading(
            call().nodes(),
            freshness -> late.thenCompose(now -> whole.revision(freshness)),
            now -> watches.reaches(now.value()),
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
    store.ready.complete(null);
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
    store.ready.complete(null);
    assertThat(done(LastingWatches.on(call(), "/a", true))).isNotNull();

    watches.removeAll(watcher);

    assertThat(watches.reaches(Long.MAX_VALUE)).isFalse();
  }
}
