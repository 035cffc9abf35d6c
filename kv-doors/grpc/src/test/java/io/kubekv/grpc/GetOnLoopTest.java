package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.Lookup;
import io.kubekv.Revision;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gets are answered by the event loop when they need not wait, and never make it wait. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GetOnLoopTest {
  private static final Key KEY = Key.of("a");
  private static final Key BROKEN = Key.of("broken");

  /** A connection's calls share an event loop. */
  @Test
  void get_thatWaits_holdsUpNoOtherCallOfTheConnection() throws Exception {
    WaitingStore store = new WaitingStore();
    try (DoorUnderTest door = new DoorUnderTest(store, GrpcSettings.DEFAULT)) {
      ListenableFuture<Kv.GetResponse> get =
          KeyValueGrpc.newFutureStub(door.channel()).get(request(KEY));
      store.asked.await();

      Kv.StatusResponse status =
          KeyValueGrpc.newBlockingStub(door.channel())
              .withDeadlineAfter(DoorUnderTest.PATIENCE)
              .status(Kv.StatusRequest.getDefaultInstance());

      assertThat(status.getReady()).isTrue();
      assertThat(get.isDone()).isFalse();
      store.may.complete(new Lookup(Optional.empty(), new Revision(7)));
      assertThat(get.get().hasEntry()).isFalse();
    }
  }

  @Test
  void get_thatTheStoreAnswersAtOnce_asksNoMore() throws Exception {
    try (DoorUnderTest door = new DoorUnderTest(new ReadyStore(), GrpcSettings.DEFAULT)) {
      KeyValueGrpc.KeyValueBlockingStub client = KeyValueGrpc.newBlockingStub(door.channel());

      assertThat(client.get(request(KEY)).getRevision()).isEqualTo(7);
    }
  }

  @Test
  void get_ofAPastState_isAnsweredByAThread() throws Exception {
    try (DoorUnderTest door = new DoorUnderTest(new ReadyStore(), GrpcSettings.DEFAULT)) {
      KeyValueGrpc.KeyValueBlockingStub client = KeyValueGrpc.newBlockingStub(door.channel());
      Kv.GetRequest past =
          request(KEY).toBuilder().setFreshness(Kv.Freshness.newBuilder().setAt(3)).build();

      assertThat(client.get(past).getRevision()).isEqualTo(7);
    }
  }

  @Test
  void get_thatFailsAtOnce_isToldWhy() throws Exception {
    try (DoorUnderTest door = new DoorUnderTest(new ReadyStore(), GrpcSettings.DEFAULT)) {
      KeyValueGrpc.KeyValueBlockingStub client = KeyValueGrpc.newBlockingStub(door.channel());

      StatusRuntimeException failure =
          catchThrowableOfType(StatusRuntimeException.class, () -> client.get(request(BROKEN)));

      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    }
  }

  private static Kv.GetRequest request(Key key) {
    return Kv.GetRequest.newBuilder().setKey(key.text()).build();
  }

  /** Answers no get before it may. */
  private static final class WaitingStore extends DelegatingStore {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Lookup> may = new CompletableFuture<>();

    WaitingStore() {
      super(EngineStore.inMemory());
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      asked.countDown();
      return may;
    }
  }

  /** Answers gets at once, and wants to be asked by the event loop what is now. */
  private static final class ReadyStore extends DelegatingStore {
    ReadyStore() {
      super(EngineStore.inMemory());
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      boolean past = freshness instanceof Freshness.At;
      if (Thread.currentThread().isVirtual() != past) {
        throw new IllegalStateException("the present at once, the past by a thread");
      }
      return key.equals(BROKEN)
          ? CompletableFuture.failedFuture(
              new LimitExceededException("key depth", "path elements", 5, 4))
          : CompletableFuture.completedFuture(new Lookup(Optional.empty(), new Revision(7)));
    }
  }
}
