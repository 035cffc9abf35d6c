package io.kubekv.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Locking;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lock is held as long as its stream is open, and goes to whoever came first. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LocksServiceTest {
  private static final Key KEY = Key.of("lock");

  private DoorUnderTest door;

  @BeforeEach
  void open() throws IOException {
    door = new DoorUnderTest();
  }

  @AfterEach
  void close() {
    door.close();
  }

  private LockClient lock(Kv.LockRequest.Acquire acquire) {
    return new LockClient(door.channel(), acquire);
  }

  private LockClient lock() {
    return lock(LockClient.of("lock"));
  }

  private Optional<Entry> entry() {
    return door.store().get(KEY, Freshness.LINEARIZABLE).entry();
  }

  private void eventuallyFree() {
    eventually(() -> entry().flatMap(entry -> entry.lock().holder()).isEmpty());
  }

  private static void eventually(java.util.concurrent.Callable<Boolean> condition) {
    Awaitility.await().atMost(DoorUnderTest.PATIENCE).until(condition);
  }

  private PutOutcome put(PutRequest request) {
    return door.store().put(request);
  }

  private SessionId session() {
    return door.store().sessions().create(SessionSpec.random()).id();
  }

  @Test
  void acquire_freeKey_holdsItAndTellsTheToken() throws InterruptedException {
    try (LockClient client = lock()) {
      Kv.LockResponse.Acquired acquired = client.acquired();

      Entry entry = entry().orElseThrow();
      assertThat(entry.lock().holder().orElseThrow()).hasToString(acquired.getSession());
      assertThat(entry.lock().acquireRevision().orElseThrow().value())
          .isEqualTo(acquired.getFencingToken());
    }
  }

  @Test
  void acquire_withAValue_putsIt() throws InterruptedException {
    Kv.LockRequest.Acquire acquire =
        LockClient.of("lock").toBuilder()
            .setValue(com.google.protobuf.ByteString.copyFromUtf8("me"))
            .setFlags(7)
            .build();
    try (LockClient client = lock(acquire)) {
      client.acquired();

      assertThat(entry().orElseThrow().value()).isEqualTo(Bytes.utf8("me"));
      assertThat(entry().orElseThrow().flags()).isEqualTo(7);
    }
  }

  @Test
  void acquire_withoutAValue_keepsWhatIsThere() throws InterruptedException {
    put(PutRequest.of(KEY, Bytes.utf8("kept")).withFlags(3));
    try (LockClient client = lock()) {
      client.acquired();
      client.release();
      assertThat(client.next().hasReleased()).isTrue();

      assertThat(entry().orElseThrow().value()).isEqualTo(Bytes.utf8("kept"));
      assertThat(entry().orElseThrow().flags()).isEqualTo(3);
    }
  }

  @Test
  void release_freesTheKeyAndEndsTheSession() throws InterruptedException {
    LockClient client = lock();
    SessionId session = SessionId.parse(client.acquired().getSession()).orElseThrow();

    client.release();

    assertThat(client.next().hasReleased()).isTrue();
    assertThat(client.end().isOk()).isTrue();
    assertThat(entry().orElseThrow().lock().holder()).isEmpty();
    eventually(
        () -> door.store().sessions().get(session, Freshness.LINEARIZABLE).session().isEmpty());
    eventually(() -> door.door().streams() == 0);
  }

  @Test
  void release_waiterGetsTheKeyInTheSameChange() throws InterruptedException {
    LockClient first = lock();
    first.acquired();
    LockClient second = lock();
    second.waiting();
    try (Watch watch = door.store().watch(WatchRequest.fromNow(new Range.Exact(KEY)))) {
      first.release();
      Kv.LockResponse.Acquired acquired = second.acquired();

      WatchEvent event = watch.next(DoorUnderTest.PATIENCE).orElseThrow();
      while (event instanceof WatchEvent.Progress) {
        event = watch.next(DoorUnderTest.PATIENCE).orElseThrow();
      }
      assertThat(event.revision().value()).isEqualTo(acquired.getFencingToken());
      assertThat(((WatchEvent.Put) event).cause()).isEqualTo(Cause.ACQUIRE);
    }
  }

  @Test
  void waiters_getTheKeyInTheOrderOfTheirComing() throws InterruptedException {
    LockClient first = lock();
    long token = first.acquired().getFencingToken();
    List<LockClient> queue = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      LockClient next = lock();
      next.waiting();
      queue.add(next);
    }
    LockClient holder = first;
    for (int i = 0; i < queue.size(); i++) {
      LockClient next = queue.get(i);
      assertThat(queue.subList(i, queue.size()))
          .allSatisfy(each -> assertThat(each.hasNews()).isFalse());
      holder.release();
      long higher = next.acquired().getFencingToken();
      assertThat(higher).isGreaterThan(token);
      token = higher;
      holder = next;
    }
  }

  @Test
  void cancel_ofTheHolder_handsOver() throws InterruptedException {
    LockClient first = lock();
    first.acquired();
    LockClient second = lock();
    second.waiting();

    first.cancel();

    second.acquired();
  }

  @Test
  void cancel_ofAWaiter_isForgotten() throws InterruptedException {
    LockClient first = lock();
    first.acquired();
    LockClient second = lock();
    second.waiting();
    LockClient third = lock();
    third.waiting();

    second.cancel();
    eventually(() -> door.door().streams() == 2);
    first.release();

    third.acquired();
    third.cancel();
    eventuallyFree();
    eventually(() -> door.door().streams() == 0);
  }

  @Test
  void connectionLost_freesTheKey() throws InterruptedException {
    var other = door.connect();
    LockClient first = new LockClient(other, LockClient.of("lock"));
    first.acquired();

    other.shutdownNow();

    lock().acquired();
  }

  @Test
  void keyHeldElsewhere_isAcquiredWhenItIsReleased() throws InterruptedException {
    SessionId session = session();
    put(PutRequest.of(KEY, Bytes.EMPTY).withLocking(new Locking.Acquire(session)));
    LockClient client = lock();
    client.waiting();

    put(PutRequest.of(KEY, Bytes.EMPTY).withLocking(new Locking.Release(session)));

    client.acquired();
  }

  @Test
  void keyHeldElsewhere_isAcquiredWhenItsSessionEnds() throws InterruptedException {
    SessionId session = session();
    put(PutRequest.of(KEY, Bytes.EMPTY).withLocking(new Locking.Acquire(session)));
    LockClient client = lock();
    client.waiting();

    door.store().sessions().destroy(session);

    client.acquired();
  }

  @Test
  void wait_zeroAndHeld_isNotAcquired() throws InterruptedException {
    lock().acquired();
    Kv.LockRequest.Acquire acquire =
        LockClient.of("lock").toBuilder()
            .setWait(com.google.protobuf.Duration.getDefaultInstance())
            .build();

    LockClient client = lock(acquire);
    client.waiting();

    Kv.Refused refused = client.next().getNotAcquired().getRefused();
    assertThat(refused.getReason()).isEqualTo(Kv.Refused.Reason.REASON_HELD);
    assertThat(refused.getEntry().getKey()).isEqualTo("lock");
    assertThat(client.end().isOk()).isTrue();
  }

  @Test
  void lockDelay_isWaitedFor() throws InterruptedException {
    SessionId ended =
        door.store()
            .sessions()
            .create(SessionSpec.random().withLockDelay(Duration.ofMillis(300)))
            .id();
    put(PutRequest.of(KEY, Bytes.EMPTY).withLocking(new Locking.Acquire(ended)));
    door.store().sessions().destroy(ended);
    LockClient client = lock();

    client.waiting();

    client.acquired();
  }

  @Test
  void sessionGone_isLost() throws InterruptedException {
    LockClient client = lock();
    SessionId session = SessionId.parse(client.acquired().getSession()).orElseThrow();

    door.store().sessions().destroy(session);

    assertThat(client.next().getLost().getReason())
        .isEqualTo(Kv.LockResponse.Lost.Reason.REASON_SESSION_ENDED);
    assertThat(client.end().isOk()).isTrue();
  }

  @Test
  void keyDeleted_isLost() throws InterruptedException {
    LockClient client = lock();
    client.acquired();

    door.store().delete(DeleteRequest.of(KEY));

    assertThat(client.next().getLost().getReason())
        .isEqualTo(Kv.LockResponse.Lost.Reason.REASON_DELETED);
  }

  @Test
  void keyReleasedByAnother_isLost() throws InterruptedException {
    LockClient client = lock();
    SessionId session = SessionId.parse(client.acquired().getSession()).orElseThrow();

    put(PutRequest.of(KEY, Bytes.EMPTY).withLocking(new Locking.Release(session)));

    assertThat(client.next().getLost().getReason())
        .isEqualTo(Kv.LockResponse.Lost.Reason.REASON_TAKEN);
  }

  @Test
  void valuePutByAnother_isNotLostAndStays() throws InterruptedException {
    LockClient client = lock();
    client.acquired();
    put(PutRequest.of(KEY, Bytes.utf8("written while held")));

    client.release();

    assertThat(client.next().hasReleased()).isTrue();
    assertThat(entry().orElseThrow().value()).isEqualTo(Bytes.utf8("written while held"));
  }

  @Test
  void shortSession_isKeptAliveByTheStream() throws InterruptedException {
    Kv.LockRequest.Acquire acquire =
        LockClient.of("lock").toBuilder()
            .setNewSession(
                Kv.SessionSpec.newBuilder()
                    .setTimeToLive(com.google.protobuf.Duration.newBuilder().setNanos(100_000_000)))
            .build();
    LockClient client = lock(acquire);
    client.acquired();

    Awaitility.await()
        .during(Duration.ofSeconds(1))
        .atMost(DoorUnderTest.PATIENCE)
        .until(() -> !client.hasNews());
    assertThat(entry().orElseThrow().lock().holder()).isPresent();
  }

  @Test
  void namedSession_staysAfterTheRelease() throws InterruptedException {
    SessionId session = session();
    LockClient client =
        lock(
            Kv.LockRequest.Acquire.newBuilder()
                .setKey("lock")
                .setSessionId(session.toString())
                .build());
    assertThat(client.acquired().getSession()).isEqualTo(session.toString());

    client.release();

    assertThat(client.next().hasReleased()).isTrue();
    eventually(() -> door.door().streams() == 0);
    assertThat(door.store().sessions().get(session, Freshness.LINEARIZABLE).session()).isPresent();
  }

  @Test
  void namedSession_thatDoesNotLive_isNotAcquired() throws InterruptedException {
    LockClient client =
        lock(
            Kv.LockRequest.Acquire.newBuilder()
                .setKey("lock")
                .setSessionId(SessionId.random().toString())
                .build());

    assertThat(client.next().getNotAcquired().getRefused().getReason())
        .isEqualTo(Kv.Refused.Reason.REASON_NO_SESSION);
  }

  @Test
  void deletingSession_releaseDeletesTheKey() throws InterruptedException {
    Kv.LockRequest.Acquire acquire =
        LockClient.of("lock").toBuilder()
            .setNewSession(
                Kv.SessionSpec.newBuilder().setBehavior(Kv.SessionBehavior.SESSION_BEHAVIOR_DELETE))
            .build();
    LockClient client = lock(acquire);
    client.acquired();

    client.release();

    assertThat(client.next().hasReleased()).isTrue();
    eventually(() -> entry().isEmpty());
  }

  @Test
  void nonsense_isRefusedAndFreesTheKey() throws InterruptedException {
    LockClient twice = lock();
    twice.acquired();
    LockClient next = lock();
    next.waiting();
    LockClient without = lock(Kv.LockRequest.Acquire.newBuilder().setKey("x").build());

    assertThat(without.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    twice.acquireAgain();
    assertThat(twice.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    next.acquired();
  }

  @Test
  void serverStops_freesTheKeyAndSaysSo() throws InterruptedException {
    LockClient client = lock();
    client.acquired();

    door.door().close();

    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    eventuallyFree();
  }
}
