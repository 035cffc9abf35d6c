package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gets whose answers nobody reads: they cannot be cut, and nobody else is cut for them. */
@Timeout(60)
final class UnreadAnswersTest {
  private static final int VALUE = 100_000;
  private static final int MANY = 60;
  private static final int EVENTS = 20;
  private static final long BOUND = 2 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Key LARGE = Key.of("large");

  private final EngineStore store = EngineStore.inMemory();
  private final Budgets budgets =
      new Budgets(
          new ClientLimits(0, 1, 0, 1000, 1000, 10, PATIENCE),
          1000,
          1L << 30,
          new Unsent(BOUND, BOUND / 2));

  @SuppressWarnings("NullAway.Init")
  private DoorUnderTest door;

  @BeforeEach
  void start() throws Exception {
    Await.change(store.put(PutRequest.of(LARGE, Bytes.utf8("x".repeat(VALUE)))));
    door = new DoorUnderTest(store, budgets);
  }

  @AfterEach
  void close() {
    door.close();
    budgets.close();
  }

  /** One with the smallest window, from an address of its own. */
  private ManagedChannel client(String address) {
    return NettyChannelBuilder.forAddress("127.0.0.1", door.door().port())
        .usePlaintext()
        .flowControlWindow(1)
        .localSocketPicker(
            new NettyChannelBuilder.LocalSocketPicker() {
              @Override
              public SocketAddress createSocketAddress(
                  SocketAddress remote, Attributes attributes) {
                return new InetSocketAddress(address, 0);
              }
            })
        .build();
  }

  private static Kv.GetRequest large() {
    return Kv.GetRequest.newBuilder().setKey("large").build();
  }

  private static void getUnread(ManagedChannel client, Queue<Status> ended) {
    ClientCall<Kv.GetRequest, Kv.GetResponse> call =
        client.newCall(KeyValueGrpc.getGetMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.add(status);
          }
        },
        new Metadata());
    call.sendMessage(large());
    call.halfClose();
  }

  @Test
  void twoClientsThatReadNone_areRefusedMore_andAThirdsWatchLives() {
    Iterator<Kv.WatchResponse> watch =
        KeyValueGrpc.newBlockingStub(door.channel())
            .withDeadlineAfter(PATIENCE)
            .watch(
                Kv.WatchRequest.newBuilder()
                    .setRange(Kv.Range.newBuilder().setPrefix("w"))
                    .setOldest(Kv.WatchRequest.Oldest.getDefaultInstance())
                    .build());
    ManagedChannel one = client("127.0.0.2");
    ManagedChannel two = client("127.0.0.3");
    try {
      Queue<Status> ofOne = new ConcurrentLinkedQueue<>();
      Queue<Status> ofTwo = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < MANY; i++) {
        getUnread(one, ofOne);
        getUnread(two, ofTwo);
      }
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(ofOne).isNotEmpty());
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(ofTwo).isNotEmpty());
      assertThat(ofOne).extracting(Status::getCode).containsOnly(Status.Code.RESOURCE_EXHAUSTED);

      for (int i = 0; i < EVENTS; i++) {
        Await.change(store.put(PutRequest.of(Key.of("w" + i), Bytes.utf8("x".repeat(VALUE)))));
      }
      int seen = 0;
      while (seen < EVENTS) {
        seen += watch.next().hasPut() ? 1 : 0;
      }

      assertThat(budgets.unsent().bytes()).isBetween(BOUND / 4, BOUND);
      assertThat(
              KeyValueGrpc.newBlockingStub(door.channel())
                  .withDeadlineAfter(PATIENCE)
                  .get(large())
                  .getEntry()
                  .getValue()
                  .size())
          .isEqualTo(VALUE);
    } finally {
      one.shutdownNow();
      two.shutdownNow();
    }
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(budgets.unsent().bytes()).isZero());
  }
}
