package io.kubekv.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DelegatingStore;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Locking;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.contract.Answered;
import io.kubekv.engine.EngineStore;
import io.kubekv.transport.grpc.GrpcSettings;
import io.kubekv.v1.Kv;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A lock goes to whoever came first, in one change when somebody waits. */
class LocksServiceTest extends LockTest {
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
  void acquireAndRelease_leaveTheKeyAttached() throws InterruptedException {
    SessionId session = Await.change(door().store().sessions().create(SessionSpec.random())).id();
    put(PutRequest.of(KEY, Bytes.utf8("1")).withAttachment(new Attachment.To(session)));
    try (LockClient client = lock()) {
      client.acquired();
      assertThat(entry().orElseThrow().attachedTo()).contains(session);
      client.release();
      assertThat(client.next().hasReleased()).isTrue();

      assertThat(entry().orElseThrow().attachedTo()).contains(session);
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
        () ->
            Await.read(door().store().sessions().get(session, Freshness.LINEARIZABLE))
                .session()
                .isEmpty());
    eventually(() -> door().door().streams() == 0);
  }

  @Test
  void release_waiterGetsTheKeyInTheSameChange() throws InterruptedException {
    LockClient first = lock();
    first.acquired();
    LockClient second = lock();
    second.waiting();
    try (Watch watch = door().store().watch(WatchRequest.fromNow(new Range.Exact(KEY)))) {
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

    Await.change(door().store().sessions().destroy(session));

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
        Await.change(
                door()
                    .store()
                    .sessions()
                    .create(SessionSpec.random().withLockDelay(Duration.ofSeconds(2))))
            .id();
    put(PutRequest.of(KEY, Bytes.EMPTY).withLocking(new Locking.Acquire(ended)));
    Await.change(door().store().sessions().destroy(ended));
    LockClient client = lock();

    client.waiting();

    client.acquired();
  }

  @Test
  void lockDelay_untilItIsOver_isAskedForOnce() throws InterruptedException, IOException {
    List<Refused> refusals = new CopyOnWriteArrayList<>();
    KeyValueStore store =
        new LockDelays(EngineStore.inMemory(), refused -> refused.delay(), refusals::add);
    try (DoorUnderTest other = new DoorUnderTest(store, GrpcSettings.DEFAULT)) {
      delayed(store, Duration.ofSeconds(2));

      new LockClient(other.channel(), LockClient.of("lock")).acquired();

      assertThat(refusals).hasSize(1);
    }
  }

  @Test
  void lockDelay_keyChanges_isAskedForAgain() throws InterruptedException, IOException {
    List<Refused> refusals = new CopyOnWriteArrayList<>();
    KeyValueStore store =
        new LockDelays(
            EngineStore.inMemory(), refused -> Optional.of(Duration.ofDays(1)), refusals::add);
    try (DoorUnderTest other = new DoorUnderTest(store, GrpcSettings.DEFAULT)) {
      delayed(store, Duration.ofSeconds(2));
      LockClient client = new LockClient(other.channel(), LockClient.of("lock"));
      client.waiting();
      eventually(
          () ->
              Await.change(store.put(PutRequest.of(KEY, Bytes.EMPTY))) != null && client.hasNews());

      client.acquired();
    }
  }

  /** A session that held the key has ended. */
  private static void delayed(KeyValueStore store, Duration delay) {
    SessionId ended =
        Await.change(store.sessions().create(SessionSpec.random().withLockDelay(delay))).id();
    Await.change(
        store.put(PutRequest.of(KEY, Bytes.EMPTY).withLocking(new Locking.Acquire(ended))));
    Await.change(store.sessions().destroy(ended));
  }

  /** A store that tells of what it refuses for a lock delay, and may say another length of it. */
  private static final class LockDelays extends DelegatingStore {
    private final Function<Refused, Optional<Duration>> said;
    private final Consumer<Refused> told;

    LockDelays(
        KeyValueStore inner, Function<Refused, Optional<Duration>> said, Consumer<Refused> told) {
      super(inner);
      this.said = said;
      this.told = told;
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            if (outcome instanceof Refused refused
                && refused.reason() == Refused.Reason.LOCK_DELAYED) {
              told.accept(refused);
              return new Refused(
                  refused.reason(), refused.entry(), refused.revision(), said.apply(refused));
            }
            return outcome;
          });
    }
  }

  @Test
  void directory_isRefusedAndStays() throws InterruptedException {
    put(PutRequest.directory(KEY));
    Kv.LockRequest.Acquire withValue =
        LockClient.of("lock").toBuilder()
            .setValue(com.google.protobuf.ByteString.copyFromUtf8("me"))
            .build();

    for (Kv.LockRequest.Acquire acquire : List.of(LockClient.of("lock"), withValue)) {
      assertThat(lock(acquire).next().getNotAcquired().getRefused().getReason())
          .isEqualTo(Kv.Refused.Reason.REASON_IS_DIRECTORY);
    }
    assertThat(entry().orElseThrow().isDirectory()).isTrue();
  }
}
