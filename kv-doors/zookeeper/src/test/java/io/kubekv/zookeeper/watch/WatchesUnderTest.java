package io.kubekv.zookeeper.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.zookeeper.CutOffStore;
import io.kubekv.zookeeper.call.Call;
import io.kubekv.zookeeper.node.Nodes;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.zookeeper.data.Id;

/** The watches of one connection over a store in memory; the loop's turns are those of the test. */
final class WatchesUnderTest implements AutoCloseable {
  final KeyValueStore whole = EngineStore.inMemory();
  final Follower store = new Follower(whole);
  final Queue<Runnable> turns = new ConcurrentLinkedQueue<>();
  final Watches watches = new Watches(store, turns::add);
  final Told watcher = new Told(100);

  /** Where a watch from now on would ask the holder and wait, and revisions come later. */
  static final class Follower extends CutOffStore {
    /** Until then nobody can say which revision there is. */
    CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);

    /** Until then what was read is on its way. */
    CompletableFuture<Void> read = CompletableFuture.completedFuture(null);

    /** Whether it has no history. */
    boolean forgetful;

    int watched;

    Follower(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Revision> revision(Freshness freshness) {
      return ready.thenCompose(now -> super.revision(freshness));
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      if (!(request.freshness() instanceof Freshness.At)) {
        CompletableFuture<TransactionOutcome> outcome = inner().transact(request);
        return read.thenCompose(now -> outcome);
      }
      return forgetful
          ? CompletableFuture.failedFuture(new UnavailableException("of the test"))
          : inner().transact(request);
    }

    @Override
    public Watch watch(WatchRequest request) {
      assertThat(request.start()).isInstanceOf(WatchRequest.From.class);
      watched++;
      return super.watch(request);
    }
  }

  Call call() {
    Nodes nodes = new Nodes(store, Revision.ZERO, turns::add);
    return new Call(nodes, nodes, List.<Id>of(), 1, Revision.ZERO, watcher, watches, turns::add);
  }

  void turn() {
    for (Runnable next = turns.poll(); next != null; next = turns.poll()) {
      next.run();
    }
  }

  <T> T done(CompletableFuture<T> future) {
    await()
        .until(
            () -> {
              turn();
              return future.isDone();
            });
    return future.join();
  }

  void isTold(String... events) {
    await()
        .untilAsserted(
            () -> {
              turn();
              assertThat(watcher.events()).containsExactly(events);
            });
  }

  void isLost() {
    await()
        .until(
            () -> {
              turn();
              return watcher.isLost();
            });
  }

  /** The revision of this change. */
  long put(String key) {
    return changed(put(PutRequest.of(Key.of(key), Bytes.utf8("x"))));
  }

  /** Several at one revision. */
  long putTogether(String... keys) {
    return changed(
        Stream.of(keys)
            .map(key -> put(PutRequest.of(Key.of(key), Bytes.utf8("x"))))
            .toArray(TransactionOperation[]::new));
  }

  private static TransactionOperation put(PutRequest request) {
    return new TransactionOperation.Put(request);
  }

  /** The revision of these changes. */
  long changed(TransactionOperation... operations) {
    TransactionOutcome outcome = Await.change(whole.transact(TransactionRequest.of(operations)));
    return ((TransactionOutcome.Committed) outcome).revision().value();
  }

  @Override
  public void close() {
    watches.close();
    whole.close();
  }
}
