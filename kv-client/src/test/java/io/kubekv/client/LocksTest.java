package io.kubekv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.SessionId;
import io.kubekv.UnavailableException;
import io.kubekv.v1.Kv;
import io.kubekv.v1.Kv.LockResponse.Lost;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client makes of what a lock stream says, and of what it does not say. */
class LocksTest {
  private static final Key KEY = Key.of("lock");
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final ScriptedLocks server = new ScriptedLocks();
  private final KubekvClient client = KubekvClient.to(server.target()).deadline(DEADLINE).connect();

  LocksTest() throws IOException {}

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  /** Something that blocks, on a thread of its own. */
  private static <T> FutureTask<T> begin(Callable<T> blocking) {
    FutureTask<T> task = new FutureTask<>(blocking);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
  }

  private static Loss loss(HeldLock lock) throws Exception {
    CompletableFuture<Loss> lost = lock.lost().toCompletableFuture();
    return get(lost);
  }

  private Future<HeldLock> locking(LockOptions options) {
    return begin(() -> client.lock(KEY, options));
  }

  @Test
  void lock_acquired_isHeldWithItsToken() throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT);
    server.next().acquired(7);
    HeldLock lock = get(locking);
    assertThat(lock.isHeld()).isTrue();
    assertThat(lock.key()).isEqualTo(KEY);
    assertThat(lock.token().value()).isEqualTo(7);
    assertThat(lock.lost().toCompletableFuture()).isNotDone();
  }

  @Test
  void lock_default_asksForASessionThatEndsByItself() throws Exception {
    var unused = locking(LockOptions.DEFAULT.withName("me").withValue(Bytes.utf8("v")));
    Kv.LockRequest.Acquire asked = server.next().request().getAcquire();
    assertThat(asked.getKey()).isEqualTo("lock");
    assertThat(asked.getValue().toStringUtf8()).isEqualTo("v");
    assertThat(asked.getNewSession().getName()).isEqualTo("me");
    assertThat(asked.getNewSession().getTimeToLive().getSeconds()).isEqualTo(15);
    assertThat(asked.hasWait()).isFalse();
  }

  @Test
  void lock_withSession_isHeldByIt() throws Exception {
    SessionId session = SessionId.random();
    Future<HeldLock> locking = locking(LockOptions.DEFAULT.withSession(session));
    server.next().acquired(7);
    assertThat(get(locking).session()).isEqualTo(session);
  }

  @Test
  void lock_streamBreaksWhileItWaits_waitsAnewWithAnotherSession() throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT);
    ScriptedLocks.Call first = server.next();
    String session = first.request().getAcquire().getNewSession().getId();
    first.fail(Status.UNAVAILABLE);
    server.next().acquired(7);
    assertThat(get(locking).session().toString()).isNotEqualTo(session);
  }

  @Test
  void lock_ownSessionEndsWhileItWaits_waitsAnew() throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT);
    server.next().notAcquired(Kv.Refused.Reason.REASON_NO_SESSION);
    server.next().acquired(7);
    assertThat(get(locking).token().value()).isEqualTo(7);
  }

  @Test
  void lock_callersSessionDoesNotLive_isRefused() throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT.withSession(SessionId.random()));
    server.next().notAcquired(Kv.Refused.Reason.REASON_NO_SESSION);
    assertThatThrownBy(() -> get(locking))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(LockRefusedException.class);
  }

  @Test
  void lock_statusThatDoesNotPass_fails() throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT);
    server.next().fail(Status.UNIMPLEMENTED);
    assertThatThrownBy(() -> get(locking))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(UnavailableException.class);
  }

  @Test
  void lock_interrupted_givesUpWaiting() throws Exception {
    FutureTask<HeldLock> locking = new FutureTask<>(() -> client.lock(KEY, LockOptions.DEFAULT));
    Thread waiting = Thread.ofVirtual().start(locking);
    ScriptedLocks.Call call = server.next();
    waiting.interrupt();
    call.awaitCancelled();
    assertThatThrownBy(() -> get(locking))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
  }

  @Test
  void tryLock_notAcquiredInTime_isEmpty() throws Exception {
    Future<Optional<HeldLock>> locking =
        begin(() -> client.tryLock(KEY, LockOptions.DEFAULT, Duration.ofSeconds(3)));
    ScriptedLocks.Call call = server.next();
    assertThat(call.request().getAcquire().getWait().getNanos()).isPositive();
    call.notAcquired(Kv.Refused.Reason.REASON_HELD);
    assertThat(get(locking)).isEmpty();
  }

  /** So that what follows does not wait for a connection. */
  private void connect() throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT);
    server.next().acquired(1);
    get(locking);
  }

  @Test
  void tryLock_noAnswer_failsAndCutsTheStream() throws Exception {
    connect();
    Future<Optional<HeldLock>> locking =
        begin(() -> client.withDeadline(SOON).tryLock(KEY, LockOptions.DEFAULT, Duration.ZERO));
    ScriptedLocks.Call call = server.next();
    assertThatThrownBy(() -> get(locking))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(UnavailableException.class);
    call.awaitCancelled();
  }

  @ParameterizedTest
  @CsvSource({
    "REASON_SESSION_ENDED,SESSION_ENDED",
    "REASON_DELETED,DELETED",
    "REASON_TAKEN,TAKEN",
    "REASON_UNKNOWN,UNKNOWN"
  })
  void lost_told_saysHow(Lost.Reason told, Loss.Reason expected) throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT);
    ScriptedLocks.Call call = server.next();
    call.acquired(7);
    HeldLock lock = get(locking);
    call.lost(told);
    assertThat(loss(lock).reason()).isEqualTo(expected);
    assertThat(lock.isHeld()).isFalse();
    lock.close();
  }

  @Test
  void lost_streamBreaks_isTold() throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT);
    ScriptedLocks.Call call = server.next();
    call.acquired(7);
    HeldLock lock = get(locking);
    call.fail(Status.UNAVAILABLE);
    assertThat(loss(lock).reason()).isEqualTo(Loss.Reason.UNKNOWN);
    assertThat(lock.isHeld()).isFalse();
  }

  @Test
  void close_waitsUntilItIsReleased() throws Exception {
    Future<HeldLock> locking = locking(LockOptions.DEFAULT);
    ScriptedLocks.Call call = server.next();
    call.acquired(7);
    HeldLock lock = get(locking);
    FutureTask<Boolean> closing = new FutureTask<>(lock::close, true);
    Thread.ofVirtual().start(closing);
    assertThat(call.request().hasRelease()).isTrue();
    assertThat(lock.isHeld()).isFalse();
    assertThat(closing).isNotDone();
    call.released();
    get(closing);
    assertThat(lock.lost().toCompletableFuture()).isNotDone();
  }

  @Test
  void close_noAnswer_cutsTheStream() throws Exception {
    Future<HeldLock> locking =
        begin(() -> client.withDeadline(SOON).lock(KEY, LockOptions.DEFAULT));
    ScriptedLocks.Call call = server.next();
    call.acquired(7);
    get(locking).close();
    call.awaitCancelled();
  }
}
