package io.kubekv.grpc;

import io.kubekv.Await;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A door of its own for each test of locks. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class LockTest {
  static final Key KEY = Key.of("lock");

  private DoorUnderTest door;

  @BeforeEach
  void open() throws IOException {
    door = new DoorUnderTest();
  }

  DoorUnderTest door() {
    return door;
  }

  @AfterEach
  void close() {
    door.close();
  }

  LockClient lock(Kv.LockRequest.Acquire acquire) {
    return new LockClient(door.channel(), acquire);
  }

  LockClient lock() {
    return lock(LockClient.of("lock"));
  }

  Optional<Entry> entry() {
    return Await.read(door.store().get(KEY, Freshness.LINEARIZABLE)).entry();
  }

  void eventuallyFree() {
    eventually(() -> entry().flatMap(entry -> entry.lock().holder()).isEmpty());
  }

  static void eventually(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await().atMost(DoorUnderTest.PATIENCE).until(condition);
  }

  PutOutcome put(PutRequest request) {
    return Await.change(door.store().put(request));
  }

  SessionId session() {
    return Await.change(door.store().sessions().create(SessionSpec.random())).id();
  }
}
