package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.client.HeldLock;
import io.kubekv.client.KubekvClient;
import io.kubekv.client.LiveSession;
import io.kubekv.client.LockOptions;
import io.kubekv.client.Loss;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client's locks on the real door. */
class ClientLockTest {
  private static final Key LOCK = Key.of("lock");
  private static final Key GUARDED = Key.of("guarded");
  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(1);
  private static final int ROUNDS = 25;

  private final ClientRig rig = new ClientRig();
  private final KubekvClient client = rig.client();
  private final KubekvClient other = rig.undisturbedClient();

  ClientLockTest() throws IOException {}

  @AfterEach
  void close() {
    rig.close();
  }

  private static <T> FutureTask<T> begin(Callable<T> blocking) {
    FutureTask<T> task = new FutureTask<>(blocking);
    Thread.ofVirtual().start(task);
    return task;
  }

  private static <T> T get(FutureTask<T> task) throws Exception {
    return task.get(ClientRig.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private static Loss loss(HeldLock lock) throws Exception {
    return lock.lost().toCompletableFuture().get(ClientRig.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private PutOutcome putGuarded(KubekvClient by, HeldLock lock) {
    return by.put(PutRequest.of(GUARDED, Bytes.utf8("v")).withFence(lock.token()));
  }

  @Test
  void lock_twoClients_neverHoldAtOnceAndTokensGrow() throws Exception {
    AtomicInteger holders = new AtomicInteger();
    List<Long> tokens = new ArrayList<>();
    List<FutureTask<Boolean>> contenders = new ArrayList<>();
    for (KubekvClient each : List.of(client, other, client, other)) {
      contenders.add(begin(() -> contend(each, holders, tokens)));
    }
    for (FutureTask<Boolean> contender : contenders) {
      assertThat(get(contender)).isTrue();
    }
    assertThat(tokens).hasSize(4 * ROUNDS).isSorted().doesNotHaveDuplicates();
  }

  /** The list is guarded by the lock alone. */
  private static boolean contend(KubekvClient by, AtomicInteger holders, List<Long> tokens)
      throws InterruptedException {
    boolean alone = true;
    for (int i = 0; i < ROUNDS; i++) {
      try (HeldLock lock = by.lock(LOCK, LockOptions.DEFAULT)) {
        alone &= holders.incrementAndGet() == 1;
        tokens.add(lock.token().value());
        holders.decrementAndGet();
      }
    }
    return alone;
  }

  @Test
  void tryLock_heldByAnother_isEmptyUntilItIsReleased() throws Exception {
    HeldLock lock = client.lock(LOCK, LockOptions.DEFAULT);
    assertThat(other.tryLock(LOCK, LockOptions.DEFAULT, Duration.ZERO)).isEmpty();
    lock.close();
    assertThat(other.tryLock(LOCK, LockOptions.DEFAULT, ClientRig.PATIENCE)).isPresent();
  }

  @Test
  void lock_outlivesASessionThatNobodyRenews() throws Exception {
    HeldLock lock = client.lock(LOCK, LockOptions.DEFAULT.withTimeToLive(TIME_TO_LIVE));
    SessionSpec spec = SessionSpec.random().withTimeToLive(TIME_TO_LIVE);
    SessionId neglected = Await.change(rig.store().sessions().create(spec)).spec().id();
    await().atMost(ClientRig.PATIENCE).until(() -> !lives(neglected));
    assertThat(lock.isHeld()).isTrue();
    assertThat(lives(lock.session())).isTrue();
  }

  private boolean lives(SessionId id) {
    return Await.read(rig.store().sessions().get(id, Freshness.LINEARIZABLE)).session().isPresent();
  }

  @Test
  void lost_connectionBreaks_isToldAndTheNextGetsIt() throws Exception {
    HeldLock lock = client.lock(LOCK, LockOptions.DEFAULT);
    FutureTask<HeldLock> waiting = begin(() -> other.lock(LOCK, LockOptions.DEFAULT));
    rig.proxy().cut();
    assertThat(loss(lock).reason()).isEqualTo(Loss.Reason.UNKNOWN);
    HeldLock next = get(waiting);
    assertThat(putGuarded(other, next)).isInstanceOf(PutOutcome.Stored.class);
    assertThat(putGuarded(client, lock))
        .isInstanceOfSatisfying(
            Refused.class, r -> assertThat(r.reason()).isEqualTo(Refused.Reason.FENCED));
  }

  @Test
  void lock_connectionBreaksWhileItWaits_getsItStill() throws Exception {
    HeldLock lock = other.lock(LOCK, LockOptions.DEFAULT);
    FutureTask<HeldLock> waiting = begin(() -> client.lock(LOCK, LockOptions.DEFAULT));
    rig.proxy().cut();
    lock.close();
    assertThat(get(waiting).token()).isGreaterThan(lock.token());
  }

  @Test
  void lost_keyDeleted_isTold() throws Exception {
    HeldLock lock = client.lock(LOCK, LockOptions.DEFAULT);
    other.delete(DeleteRequest.of(LOCK));
    assertThat(loss(lock).reason()).isEqualTo(Loss.Reason.DELETED);
    assertThat(lock.isHeld()).isFalse();
  }

  @Test
  void lock_withSession_isLostWithIt() throws Exception {
    LiveSession session = other.session(SessionSpec.random().withTimeToLive(TIME_TO_LIVE));
    HeldLock lock = client.lock(LOCK, LockOptions.DEFAULT.withSession(session.id()));
    session.close();
    assertThat(loss(lock).reason()).isEqualTo(Loss.Reason.SESSION_ENDED);
  }
}
