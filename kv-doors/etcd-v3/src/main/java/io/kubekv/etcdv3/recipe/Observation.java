package io.kubekv.etcdv3.recipe;

import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.ListRequest;
import io.kubekv.Listing;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Headers;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.wire.LeaderResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of who leads: the one that does, each value that it proclaims, and when it has resigned
 * the one after it. Where nobody takes part, the first who comes. All of it happens in turns, one
 * after the other, and as fast as the client reads.
 */
final class Observation {
  private final ServerCallStreamObserver<LeaderResponse> client;
  private final KeyValueStore store;
  private final Headers headers;
  private final Range range;
  private final Consumer<Observation> whenOver;
  private final Executor turns;
  private @Nullable Watch watch;
  private boolean over;

  Observation(
      ServerCallStreamObserver<LeaderResponse> client,
      Setup setup,
      KeyValueStore store,
      ByteString name,
      Consumer<Observation> whenOver) {
    this.client = client;
    this.store = store;
    this.headers = new Headers(setup.members());
    this.range = Contest.range(name);
    this.whenOver = whenOver;
    this.turns = MoreExecutors.newSequentialExecutor(setup.threads());
    client.setOnReadyHandler(this::begin);
    client.setOnCancelHandler(() -> turns.execute(this::end));
  }

  /** Goes on, as far as the client has room. */
  void begin() {
    turns.execute(
        () -> {
          try {
            goOn();
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            fail(Failures.STOPPED);
          } catch (RuntimeException failure) {
            fail(Failures.told(failure).getStatus());
          }
        });
  }

  void stop() {
    turns.execute(() -> fail(Failures.STOPPED));
  }

  private void goOn() throws InterruptedException {
    while (!over && client.isReady()) {
      Watch now = watch == null ? look() : watch;
      watch = now;
      Optional<WatchEvent> event = now.next(Duration.ZERO);
      if (event.isEmpty()) {
        now.whenReady(this::begin);
        return;
      }
      told(event.get(), now);
    }
  }

  /** Tells who leads and watches that key; where nobody does, all keys. */
  private Watch look() {
    Listing listing = Await.read(store.list(ListRequest.of(range), Freshness.LINEARIZABLE));
    Optional<Entry> first = Contest.first(listing);
    if (first.isEmpty()) {
      return store.watch(WatchRequest.from(range, listing.revision().next()));
    }
    return follow(first.get(), listing.revision());
  }

  private Watch follow(Entry leader, Revision revision) {
    client.onNext(ElectionService.leader(headers, leader, revision, store));
    return store.watch(WatchRequest.from(new Range.Exact(leader.key()), revision.next()));
  }

  private void told(WatchEvent event, Watch now) {
    switch (event) {
      case WatchEvent.Put put -> {
        now.close();
        watch = follow(put.entry(), put.revision());
      }
      case WatchEvent.Delete resigned -> lookAgain(now);
      case WatchEvent.HistoryGone gone -> lookAgain(now);
      case WatchEvent.Progress progress -> {}
    }
  }

  private void lookAgain(Watch now) {
    now.close();
    watch = null;
  }

  private void fail(Status status) {
    if (!over) {
      end();
      client.onError(status.asRuntimeException());
    }
  }

  private void end() {
    over = true;
    if (watch != null) {
      watch.close();
    }
    whenOver.accept(this);
  }
}
