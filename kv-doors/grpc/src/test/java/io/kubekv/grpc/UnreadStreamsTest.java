package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
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
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists that nobody reads: what they keep in memory is bounded, and others are served. */
final class UnreadStreamsTest {
  private static final int ENTRIES = 64;
  private static final int VALUE = 100_000;

  /** More than a client takes before its program has read anything. */
  private static final long ALL = (long) ENTRIES * VALUE;

  private static final int MANY = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final EngineStore store = EngineStore.inMemory();
  private final AtomicInteger ended = new AtomicInteger();

  @SuppressWarnings("NullAway.Init") // each test has its own bounds
  private Budgets budgets;

  @SuppressWarnings("NullAway.Init")
  private DoorUnderTest door;

  @SuppressWarnings("NullAway.Init")
  private ManagedChannel unread;

  private void start(long room, long unsent) throws IOException {
    for (int i = 0; i < ENTRIES; i++) {
      Await.change(store.put(PutRequest.of(Key.of("k" + i), Bytes.utf8("x".repeat(VALUE)))));
    }
    budgets =
        new Budgets(
            new ClientLimits(0, 1, 0, 1000, 1000, 1, PATIENCE),
            1000,
            room,
            new Unsent(unsent, unsent));
    door = new DoorUnderTest(store, budgets);
    unread = door.connect();
  }

  @AfterEach
  void close() {
    unread.shutdownNow();
    door.close();
    budgets.close();
  }

  private void listUnread() {
    ClientCall<Kv.ListRequest, Kv.ListResponse> call =
        unread.newCall(KeyValueGrpc.getListMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            ended.incrementAndGet();
          }
        },
        new Metadata());
    call.sendMessage(everything());
    call.halfClose();
  }

  private static Kv.ListRequest everything() {
    return Kv.ListRequest.newBuilder().setRange(Kv.Range.newBuilder().setPrefix("")).build();
  }

  private long listed() {
    AtomicLong bytes = new AtomicLong();
    Iterator<Kv.ListResponse> parts =
        KeyValueGrpc.newBlockingStub(door.channel()).withDeadlineAfter(PATIENCE).list(everything());
    parts.forEachRemaining(
        part -> part.getEntriesList().forEach(entry -> bytes.addAndGet(entry.getValue().size())));
    return bytes.get();
  }

  @Test
  void whatTheyHaveInTheTransport_isBounded_andTheLargestAreReset() throws Exception {
    long bound = 2 << 20;
    start(1L << 30, bound);

    for (int i = 0; i < MANY; i++) {
      listUnread();
    }

    await().untilAsserted(() -> assertThat(ended).hasPositiveValue());
    await().untilAsserted(() -> assertThat(budgets.unsent().bytes()).isLessThanOrEqualTo(bound));
    assertThat(ended).hasValueLessThan(MANY);
    unread.shutdownNow();
    await().untilAsserted(() -> assertThat(budgets.unsent().bytes()).isZero());
    assertThat(listed()).isEqualTo(ALL);
    await().untilAsserted(() -> assertThat(budgets.room().takenBytes()).isZero());
  }

  @Test
  void whatTheyKeepInMemory_isCounted_andIsFreedForThoseWhoWaitForIt() throws Exception {
    start(ALL * 3 / 2, 1L << 30);

    listUnread();
    await().untilAsserted(() -> assertThat(budgets.room().takenBytes()).isGreaterThan(ALL));

    assertThat(listed()).isEqualTo(ALL);
    await().untilAsserted(() -> assertThat(budgets.room().takenBytes()).isZero());
  }
}
