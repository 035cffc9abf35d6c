package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client of any language meets at the door, beside the contract. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class GrpcDoorTest {
  private static final Key KEY = Key.of("a");

  private final EngineStore store =
      EngineStore.inMemory(
          EngineSettings.DEFAULT.withHistoryBytes(64 << 10).withPatience(Duration.ofMinutes(1)));
  private final DoorUnderTest door;

  GrpcDoorTest() throws IOException {
    door = new DoorUnderTest(store, GrpcSettings.DEFAULT.withProgress(Duration.ofMillis(50)));
  }

  @AfterEach
  void close() {
    door.close();
  }

  private KeyValueGrpc.KeyValueBlockingStub client() {
    return KeyValueGrpc.newBlockingStub(door.channel());
  }

  private static StatusRuntimeException failure(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }

  private ServingStatus health(String service) {
    return HealthGrpc.newBlockingStub(door.channel())
        .check(HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  private WatchClient watch(Kv.WatchRequest request) {
    WatchClient watcher = new WatchClient();
    KeyValueGrpc.newStub(door.channel()).watch(request, watcher);
    return watcher;
  }

  private static Kv.WatchRequest everything() {
    return Kv.WatchRequest.newBuilder().setRange(Kv.Range.newBuilder().setPrefix("")).build();
  }

  @Test
  void health_isTheStoresReadiness() {
    assertThat(health("")).isEqualTo(ServingStatus.SERVING);
    assertThat(health("kubekv.v1.KeyValue")).isEqualTo(ServingStatus.SERVING);

    store.close();

    Awaitility.await()
        .atMost(DoorUnderTest.PATIENCE)
        .until(() -> health("kubekv.v1.Locks") == ServingStatus.NOT_SERVING);
  }

  @Test
  void reflection_listsTheServices() throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(door.channel())
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse message) {
                    answer.complete(message);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });

    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

    assertThat(answer.get(30, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
        .extracting("name")
        .contains("kubekv.v1.KeyValue", "kubekv.v1.Sessions", "kubekv.v1.Locks");
    questions.onCompleted();
  }

  @Test
  void nonsense_isAnInvalidArgumentThatSaysWhatIsWrong() {
    StatusRuntimeException failure =
        failure(() -> client().put(Kv.PutRequest.getDefaultInstance()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure).hasMessageContaining("a key is empty");
    assertThat(
            failure(() -> client().deleteRange(Kv.DeleteRangeRequest.getDefaultInstance()))
                .getStatus()
                .getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void messageOverTheLimit_isRefused() {
    ByteString large = ByteString.copyFrom(new byte[3 << 20]);

    StatusRuntimeException failure =
        failure(() -> client().put(Kv.PutRequest.newBuilder().setKey("a").setValue(large).build()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(client().get(Kv.GetRequest.newBuilder().setKey("a").build()).hasEntry()).isFalse();
  }

  @Test
  void deadline_isHonoured() {
    Kv.GetRequest far =
        Kv.GetRequest.newBuilder()
            .setKey("a")
            .setFreshness(Kv.Freshness.newBuilder().setAtLeast(1000))
            .build();

    StatusRuntimeException failure =
        failure(() -> client().withDeadlineAfter(100, TimeUnit.MILLISECONDS).get(far));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    long begun = System.nanoTime();
    door.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .as("the end of all threads, of which the call's could wait a minute")
        .isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void largeList_comesInSeveralMessages() {
    for (int i = 0; i < 10; i++) {
      Await.change(store.put(PutRequest.of(Key.of("k" + i), Bytes.copyOf(new byte[100_000]))));
    }
    Kv.ListRequest request =
        Kv.ListRequest.newBuilder().setRange(Kv.Range.newBuilder().setPrefix("")).build();

    int[] messages = new int[1];
    int[] entries = new int[1];
    client()
        .list(request)
        .forEachRemaining(
            part -> {
              messages[0]++;
              entries[0] += part.getEntriesCount();
            });

    assertThat(entries[0]).isEqualTo(10);
    assertThat(messages[0]).isGreaterThan(4);
  }

  @Test
  void quietWatch_saysHowFarItHasCome() throws InterruptedException {
    WatchClient watcher =
        watch(Kv.WatchRequest.newBuilder().setRange(Kv.Range.newBuilder().setKey("a")).build());
    assertThat(watcher.next().hasStarted()).isTrue();
    assertThat(watcher.next().hasProgress()).isTrue();
    Await.change(store.put(PutRequest.of(Key.of("b"), Bytes.EMPTY)));
    long later = store.status().revision().value();

    Kv.WatchResponse message = watcher.next();
    while (message.hasProgress() && message.getProgress().getRevision() < later) {
      message = watcher.next();
    }

    assertThat(message.getProgress().getRevision()).isEqualTo(later);
    watcher.cancel();
  }

  @Test
  void slowWatcher_isToldThatHistoryIsGone() throws InterruptedException {
    WatchClient watcher = watch(everything());
    assertThat(watcher.next().hasStarted()).isTrue();
    for (int i = 0; i < 200; i++) {
      Await.change(store.put(PutRequest.of(KEY, Bytes.copyOf(new byte[10_000]))));
    }

    Kv.WatchResponse message = watcher.next();
    int read = 0;
    while (!message.hasHistoryGone()) {
      read++;
      message = watcher.next();
    }

    assertThat(read).as("messages sent ahead of a reader that does not read").isLessThan(50);
    assertThat(watcher.end().join().isOk()).isTrue();
  }

  @Test
  void cancelledWatch_isFreed() throws InterruptedException {
    WatchClient watcher = watch(everything());
    assertThat(watcher.next().hasStarted()).isTrue();
    assertThat(door.door().streams()).isEqualTo(1);

    watcher.cancel();

    Awaitility.await().atMost(DoorUnderTest.PATIENCE).until(() -> door.door().streams() == 0);
  }

  @Test
  void unreadWatch_cancelled_isFreed() throws InterruptedException {
    WatchClient watcher = watch(everything());
    assertThat(watcher.next().hasStarted()).isTrue();
    for (int i = 0; i < 30; i++) {
      Await.change(store.put(PutRequest.of(KEY, Bytes.copyOf(new byte[10_000]))));
    }

    watcher.cancel();

    Awaitility.await().atMost(DoorUnderTest.PATIENCE).until(() -> door.door().streams() == 0);
  }

  @Test
  void serverStops_endsWatchesSoThatTheyResumeElsewhere() throws Exception {
    WatchClient watcher = watch(everything());
    assertThat(watcher.next().hasStarted()).isTrue();
    watcher.request(1000);

    door.door().close();

    Status end = watcher.end().get(30, TimeUnit.SECONDS);
    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure(() -> client().status(Kv.StatusRequest.getDefaultInstance()))).isNotNull();
  }
}
