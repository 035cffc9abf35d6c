package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Locking;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchRequest;
import io.kubekv.contract.Answered;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.Kv;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How a lock ends: its stream, its session, its key, its server, the patience of who waits. */
class LockEndsTest extends LockTest {
  @Test
  void cancel_ofTheHolder_handsOver() throws InterruptedException {
    LockClient first = lock();
    first.acquired();
    LockClient second = lock();
    second.waiting();

    first.cancel();

    second.acquired();
  }

  private Kv.LockRequest.Acquire delaying(int seconds) {
    Kv.LockRequest.Acquire acquire = LockClient.of("lock");
    return acquire.toBuilder()
        .setNewSession(
            acquire.getNewSession().toBuilder()
                .setLockDelay(com.google.protobuf.Duration.newBuilder().setSeconds(seconds)))
        .build();
  }

  @Test
  void cancel_withALockDelay_keepsTheNextWaiting() throws InterruptedException {
    LockClient first = lock(delaying(60));
    first.acquired();
    LockClient second = lock();
    second.waiting();

    first.cancel();

    eventuallyFree();
    Refused refused =
        (Refused) put(PutRequest.of(KEY, Bytes.EMPTY).withLocking(new Locking.Acquire(session())));
    assertThat(refused.reason()).isEqualTo(Refused.Reason.LOCK_DELAYED);
    assertThat(second.hasNews()).isFalse();
  }

  @Test
  void release_withALockDelay_handsOverAtOnce() throws InterruptedException {
    LockClient first = lock(delaying(60));
    first.acquired();
    LockClient second = lock();
    second.waiting();

    first.release();

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
    eventually(() -> door().door().streams() == 2);
    first.release();

    third.acquired();
    third.cancel();
    eventuallyFree();
    eventually(() -> door().door().streams() == 0);
  }

  @Test
  void connectionLost_freesTheKey() throws InterruptedException {
    var other = door().connect();
    LockClient first = new LockClient(other, LockClient.of("lock"));
    first.acquired();

    other.shutdownNow();

    lock().acquired();
  }

  @Test
  void sessionGone_isLost() throws InterruptedException {
    LockClient client = lock();
    SessionId session = SessionId.parse(client.acquired().getSession()).orElseThrow();

    Await.change(door().store().sessions().destroy(session));

    assertThat(client.next().getLost().getReason())
        .isEqualTo(Kv.LockResponse.Lost.Reason.REASON_SESSION_ENDED);
    assertThat(client.end().isOk()).isTrue();
  }

  /** A store whose watches begin late. */
  private static final class LateWatches extends DelegatingStore {
    private final CountDownLatch mayBegin = new CountDownLatch(1);

    LateWatches() {
      super(EngineStore.inMemory());
    }

    @Override
    public Watch watch(WatchRequest request) {
      try {
        mayBegin.await();
      } catch (InterruptedException interrupted) {
        throw new UnavailableException("interrupted", interrupted);
      }
      return super.watch(request);
    }
  }

  @Test
  void sessionGone_beforeTheKeyIsWatched_isLost() throws Exception {
    LateWatches store = new LateWatches();
    try (DoorUnderTest other = new DoorUnderTest(store, GrpcSettings.DEFAULT)) {
      LockClient client = new LockClient(other.channel(), LockClient.of("lock"));
      SessionId session = SessionId.parse(client.acquired().getSession()).orElseThrow();
      Await.change(store.sessions().destroy(session));

      store.mayBegin.countDown();

      assertThat(client.next().getLost().getReason())
          .isEqualTo(Kv.LockResponse.Lost.Reason.REASON_SESSION_ENDED);
    }
  }

  @Test
  void keyDeleted_isLost() throws InterruptedException {
    LockClient client = lock();
    client.acquired();

    Await.change(door().store().delete(DeleteRequest.of(KEY)));

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
                    .setTimeToLive(com.google.protobuf.Duration.newBuilder().setSeconds(1)))
            .build();
    LockClient client = lock(acquire);
    client.acquired();

    Awaitility.await()
        .during(Duration.ofSeconds(3))
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
    eventually(() -> door().door().streams() == 0);
    assertThat(Await.read(door().store().sessions().get(session, Freshness.LINEARIZABLE)).session())
        .isPresent();
  }

  /** A store that tells of the sessions that are renewed. */
  private static final class Renewals extends DelegatingStore {
    private final BlockingQueue<SessionId> renewed = new LinkedBlockingQueue<>();

    Renewals() {
      super(EngineStore.inMemory());
    }

    @Override
    public Sessions sessions() {
      return new DelegatingSessions(super.sessions()) {
        @Override
        public CompletableFuture<Optional<Session>> renew(SessionId id) {
          return Answered.by(
              () -> {
                renewed.add(id);
                return Await.change(super.renew(id));
              });
        }
      };
    }
  }

  @Test
  void namedSession_isRenewedWhenTheStreamBegins() throws Exception {
    Renewals store = new Renewals();
    SessionSpec hour = SessionSpec.random().withTimeToLive(Duration.ofHours(1));
    SessionId session = Await.change(store.sessions().create(hour)).id();
    try (DoorUnderTest other = new DoorUnderTest(store, GrpcSettings.DEFAULT)) {
      Kv.LockRequest.Acquire acquire =
          Kv.LockRequest.Acquire.newBuilder()
              .setKey("lock")
              .setSessionId(session.toString())
              .build();

      new LockClient(other.channel(), acquire).acquired();

      assertThat(store.renewed).containsExactly(session);
    }
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

    door().door().close();

    assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    eventuallyFree();
  }
}
