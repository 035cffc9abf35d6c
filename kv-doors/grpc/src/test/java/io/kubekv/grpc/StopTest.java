package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingStore;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutRequest;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.client.RemoteStore;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What clients hear when the server stops. "Unavailable" says that nothing was done, and a replica
 * that has passed a change on makes it again then.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StopTest {
  private static final Key KEY = Key.of("a");

  /** Makes every transaction, and answers none before it may. */
  private static final class LateAnswers extends DelegatingStore {
    final CountDownLatch made = new CountDownLatch(1);
    final CompletableFuture<Void> may = new CompletableFuture<>();

    LateAnswers() {
      super(EngineStore.inMemory());
    }

    @Override
    public CompletableFuture<TransactionOutcome> transact(TransactionRequest request) {
      TransactionOutcome outcome = Await.change(super.transact(request));
      made.countDown();
      return may.thenApply(now -> outcome);
    }
  }

  private static TransactionRequest putting() {
    PutRequest put = PutRequest.of(KEY, Bytes.utf8("1"));
    return TransactionRequest.of(new TransactionOperation.Put(put));
  }

  private static GrpcSettings draining(Duration drain) {
    GrpcSettings settings = GrpcSettings.DEFAULT;
    return new GrpcSettings(
        settings.keepAlive(),
        settings.keepAliveTimeout(),
        settings.permittedKeepAlive(),
        settings.callsPerConnection(),
        settings.connections(),
        settings.connectionsOfClient(),
        settings.progress(),
        drain,
        settings.tls(),
        settings.observation());
  }

  private static Iterator<Kv.WatchResponse> watch(DoorUnderTest door) {
    Kv.Range everything = Kv.Range.newBuilder().setPrefix("").build();
    Iterator<Kv.WatchResponse> watch =
        KeyValueGrpc.newBlockingStub(door.channel())
            .watch(Kv.WatchRequest.newBuilder().setRange(everything).build());
    assertThat(watch.next().hasStarted()).isTrue();
    return watch;
  }

  /** By the server, which stops. */
  private static void requireEnded(Iterator<Kv.WatchResponse> watch) {
    assertThatThrownBy(() -> watch.forEachRemaining(told -> {}))
        .satisfies(
            failure ->
                assertThat(Status.fromThrowable(failure).getDescription())
                    .isEqualTo("the server stops"));
  }

  @Test
  void transaction_thatWasMade_isAnswered() throws Exception {
    LateAnswers store = new LateAnswers();
    try (DoorUnderTest door = new DoorUnderTest(store, draining(DoorUnderTest.PATIENCE));
        RemoteStore client = RemoteStore.over(door.connect(), DoorUnderTest.PATIENCE)) {
      CompletableFuture<TransactionOutcome> answer = client.transact(putting());
      store.made.await();
      Iterator<Kv.WatchResponse> watch = watch(door);

      Thread stopping = Thread.ofVirtual().start(door.door()::close);
      requireEnded(watch);
      store.may.complete(null);

      assertThat(Await.change(answer)).isInstanceOf(TransactionOutcome.Committed.class);
      stopping.join();
    }
  }

  @Test
  void transaction_thatIsNotAnsweredInTime_mayHaveBeenMade() throws Exception {
    LateAnswers store = new LateAnswers();
    try (DoorUnderTest door = new DoorUnderTest(store, draining(Duration.ofMillis(100)));
        RemoteStore client = RemoteStore.over(door.connect(), DoorUnderTest.PATIENCE)) {
      CompletableFuture<TransactionOutcome> answer = client.transact(putting());
      store.made.await();

      door.door().close();

      assertThatThrownBy(() -> Await.change(answer)).isInstanceOf(OutcomeUnknownException.class);
      assertThat(Await.read(store.get(KEY, Freshness.LINEARIZABLE)).entry()).isPresent();
    }
  }

  @Test
  void watch_ends_andNobodyWaitsForIt() throws Exception {
    try (DoorUnderTest door =
        new DoorUnderTest(EngineStore.inMemory(), draining(Duration.ofHours(1)))) {
      Iterator<Kv.WatchResponse> watch = watch(door);

      door.door().close();

      requireEnded(watch);
    }
  }
}
