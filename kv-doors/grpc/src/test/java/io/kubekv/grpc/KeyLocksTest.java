package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.kubekv.Await;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Session;
import io.kubekv.SessionSpec;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.access.Access;
import io.kubekv.v1.Kv;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyLocksTest {
  private static final Key KEY = Key.of("lock");
  private static final long PATIENCE = DoorUnderTest.PATIENCE.toMillis();

  private final KeyValueStore store = EngineStore.inMemory();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    threads.shutdownNow();
    store.close();
  }

  private LockWaiter waiter(KeyLocks locks) {
    SessionSpec session = locks.begin(SessionSpec.random()).spec();
    StreamObserver<Kv.LockResponse> client =
        new StreamObserver<>() {
          @Override
          public void onNext(Kv.LockResponse message) {}

          @Override
          public void onError(Throwable failure) {}

          @Override
          public void onCompleted() {}
        };
    return new LockWaiter(
        new LockWaiter.Wish(Optional.empty(), 0, Optional.empty()),
        session,
        true,
        new AuditedLock(client, Access.ALL, KEY));
  }

  private Optional<Session> session(LockWaiter waiter) {
    return Await.read(store.sessions().get(waiter.session(), Freshness.LINEARIZABLE)).session();
  }

  /** The end begins when the lock's thread runs already, and its client has not joined yet. */
  @Test
  void whoJoinsWhileTheServerStops_isFreedAsOthersAre() throws Exception {
    KeyLocks[] locks = new KeyLocks[1];
    FutureTask<Void> end =
        new FutureTask<>(
            () -> {
              locks[0].end(DoorUnderTest.PATIENCE);
              return null;
            });
    Thread ending = Thread.ofPlatform().daemon().unstarted(end);
    AtomicBoolean first = new AtomicBoolean(true);
    locks[0] =
        new KeyLocks(
            store,
            task -> {
              threads.execute(task);
              if (first.getAndSet(false)) {
                ending.start();
                Awaitility.await()
                    .atMost(DoorUnderTest.PATIENCE)
                    .until(
                        () ->
                            EnumSet.of(Thread.State.BLOCKED, Thread.State.TERMINATED)
                                .contains(ending.getState()));
              }
            });
    LockWaiter waiter = waiter(locks[0]);

    locks[0].join(KEY, waiter);

    end.get(PATIENCE, TimeUnit.MILLISECONDS);
    threads.shutdown();
    assertThat(threads.awaitTermination(PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
    assertThat(waiter.isOver()).isTrue();
    assertThat(session(waiter)).isEmpty();
    assertThat(locks[0].count()).isZero();
  }

  @Test
  void whoComesAfterwards_isRefused_andTheSessionForItEnds() throws Exception {
    KeyLocks locks = new KeyLocks(store, threads);
    LockWaiter waiter = waiter(locks);
    locks.end(DoorUnderTest.PATIENCE);

    assertThatThrownBy(() -> locks.join(KEY, waiter))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
        .hasMessageContaining("the server stops");

    assertThat(session(waiter)).isEmpty();
    assertThat(locks.count()).isZero();
  }
}
