package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.SessionSpec;
import io.kubekv.contract.StoreSpec;
import io.kubekv.engine.MemoryHarness;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Locks on a store that loses requests and answers: sent again, and nobody holds twice. */
class LockLossTest {
  private final MemoryHarness harness = new MemoryHarness(StoreSpec.DEFAULT);
  private final DoorUnderTest door;

  LockLossTest() throws IOException {
    door = new DoorUnderTest(harness.store(), GrpcSettings.DEFAULT);
  }

  @AfterEach
  void close() {
    door.close();
    harness.close();
  }

  private LockClient lock() {
    return new LockClient(door.channel(), LockClient.of("lock"));
  }

  private LockClient named(String session) {
    return new LockClient(
        door.channel(),
        Kv.LockRequest.Acquire.newBuilder().setKey("lock").setSessionId(session).build());
  }

  private Optional<Entry> entry() {
    return Await.read(harness.store().get(Key.of("lock"), Freshness.LINEARIZABLE)).entry();
  }

  @Test
  void session_whoseAnswerIsLost_isOne() throws InterruptedException {
    harness.loseNextAnswer();

    lock().acquired();

    assertThat(Await.read(harness.store().sessions().list(Freshness.LINEARIZABLE)).sessions())
        .hasSize(1);
  }

  @Test
  void acquisition_whoseAnswerIsLost_isOne() throws InterruptedException {
    LockClient held = lock();
    held.acquired();
    held.release();
    assertThat(held.next().hasReleased()).isTrue();
    String session =
        Await.change(harness.store().sessions().create(SessionSpec.random())).id().toString();
    harness.loseNextAnswer();

    long token = named(session).acquired().getFencingToken();

    assertThat(entry().orElseThrow().lock().lockIndex()).isEqualTo(2);
    assertThat(entry().orElseThrow().lock().acquireRevision().orElseThrow().value())
        .isEqualTo(token);
  }

  @Test
  void handOver_whoseAnswerIsLost_reachesTheNext() throws InterruptedException {
    LockClient first = lock();
    first.acquired();
    LockClient next = lock();
    next.waiting();
    harness.loseNextAnswer();

    first.release();

    assertThat(first.next().hasReleased()).isTrue();
    next.acquired();
    assertThat(entry().orElseThrow().lock().lockIndex()).isEqualTo(2);
  }

  @Test
  void handOver_whoseRequestIsLost_isSentAgain() throws InterruptedException {
    LockClient first = lock();
    first.acquired();
    LockClient next = lock();
    next.waiting();
    harness.loseNextRequest();

    first.release();

    next.acquired();
  }

  @Test
  void release_whoseAnswerIsLost_frees() throws InterruptedException {
    LockClient client = lock();
    client.acquired();
    harness.loseNextAnswer();

    client.release();

    assertThat(client.next().hasReleased()).isTrue();
    assertThat(entry().orElseThrow().lock().holder()).isEmpty();
  }

  @Test
  void storeOutOfReach_theLockWaitsForIt() throws InterruptedException {
    LockClient first = lock();
    first.acquired();
    LockClient next = lock();
    next.waiting();
    harness.makeUnavailable();
    first.release();
    Awaitility.await()
        .during(java.time.Duration.ofMillis(500))
        .atMost(DoorUnderTest.PATIENCE)
        .until(() -> !next.hasNews());

    harness.heal();

    next.acquired();
  }
}
