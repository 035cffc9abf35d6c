package io.kubekv.grpc;

import io.grpc.ManagedChannel;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.KeyValueGrpc;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client whose connection stays open and says nothing any more: its machine is gone. */
class SilentClientTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  /** For an answer: so long that the clients that are there give it on a busy machine. */
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final DoorUnderTest door;
  private final FaultProxy proxy;
  private final ManagedChannel silent;

  SilentClientTest() throws IOException {
    door =
        new DoorUnderTest(
            EngineStore.inMemory(), GrpcSettings.DEFAULT.withKeepAlive(SHORT, ANSWER));
    proxy = new FaultProxy(door.door().port());
    silent = DoorUnderTest.connect(proxy.port());
  }

  @AfterEach
  void close() {
    silent.shutdownNow();
    proxy.close();
    door.close();
  }

  @Test
  void lock_goesToTheNext() throws InterruptedException {
    new LockClient(silent, LockClient.of("lock")).acquired();
    LockClient next = new LockClient(door.channel(), LockClient.of("lock"));
    next.waiting();

    proxy.fallSilent();

    next.acquired();
  }

  @Test
  void watch_isFreed() {
    Iterator<Kv.WatchResponse> watch =
        KeyValueGrpc.newBlockingStub(silent)
            .watch(
                Kv.WatchRequest.newBuilder().setRange(Kv.Range.newBuilder().setKey("a")).build());
    watch.next();

    proxy.fallSilent();

    Awaitility.await().atMost(DoorUnderTest.PATIENCE).until(() -> door.door().streams() == 0);
  }
}
