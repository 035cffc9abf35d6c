package io.kubekv.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.engine.log.Log;
import io.kubekv.engine.log.LogEntry;
import io.kubekv.engine.log.Root;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A log that was put back to an earlier state under a replica. */
class RepairTest {
  private final ForgetfulLog log = new ForgetfulLog();

  private EngineStore open(TestLease lease) {
    return EngineStore.open(log, lease, EngineSettings.DEFAULT.withPause(Duration.ofMillis(1)));
  }

  private static PutRequest put(String key) {
    return PutRequest.of(Key.of(key), Bytes.utf8("value"));
  }

  @Test
  void holder_writesDownWhatItHas_andGoesOn() {
    try (EngineStore store = open(new TestLease(true))) {
      PutOutcome unused = Await.change(store.put(put("kept")));
      Root before = store.root();

      log.damage("entry 1 is gone");

      Awaitility.await().until(() -> !log.snapshots.isEmpty());
      assertThat(log.snapshots.getFirst()).isEqualTo(before);
      assertThat(Await.change(store.put(put("next")))).isInstanceOf(PutOutcome.Stored.class);
      assertThat(Await.read(store.get(Key.of("kept"), Freshness.LINEARIZABLE)).entry()).isPresent();
    }
  }

  private static Bytes noise(int size) {
    byte[] noise = new byte[size];
    new Random(1).nextBytes(noise);
    return Bytes.copyOf(noise);
  }

  @Test
  void holder_betweenTheParts_leavesTheBegunChangeBehind() {
    log.damageAfterPart = true;
    try (EngineStore store = open(new TestLease(true))) {
      PutOutcome unused = Await.change(store.put(put("kept")));
      Root before = store.root();

      assertThatThrownBy(
              () -> Await.change(store.put(PutRequest.of(Key.of("large"), noise(40_000)))))
          .isInstanceOf(OutcomeUnknownException.class);

      assertThat(log.snapshots.getLast().state()).isEqualTo(before.state());
      assertThat(log.snapshots.getLast().position()).isEqualTo(before.position() + 2);
      assertThat(Await.change(store.put(put("next")))).isInstanceOf(PutOutcome.Stored.class);
      assertThat(Await.read(store.get(Key.of("kept"), Freshness.LINEARIZABLE)).entry()).isPresent();
      assertThat(Await.read(store.get(Key.of("large"), Freshness.LINEARIZABLE)).entry()).isEmpty();
    }
  }

  @Test
  void snapshotThatFails_isTakenAgain() {
    log.snapshotsFail = true;
    EngineSettings settings = EngineSettings.DEFAULT.withPause(Duration.ofMillis(1));
    try (EngineStore store =
        EngineStore.open(log, new TestLease(true), settings.withSnapshotBytes(100_000))) {
      PutOutcome unused = Await.change(store.put(PutRequest.of(Key.of("large"), noise(120_000))));
      Awaitility.await().until(() -> log.snapshotsFailed > 0);
      log.snapshotsFail = false;

      Awaitility.await()
          .until(
              () ->
                  Await.change(store.put(put("small"))) instanceof PutOutcome.Stored
                      && !log.snapshots.isEmpty());

      assertThat(store.root().position()).isLessThan(100);
    }
  }

  @Test
  void follower_writesNothing_andSaysWhatIsWrong() {
    try (EngineStore store = open(new TestLease(false))) {
      log.damage("entry 1 is gone");

      Awaitility.await().until(() -> log.opened > 3);
      assertThat(store.status().reason()).isEqualTo("entry 1 is gone");
      Awaitility.await().until(() -> store.replica().state().problem().equals("entry 1 is gone"));
      assertThat(log.snapshots).isEmpty();
    }
  }

  @Test
  void follower_thatGetsTheLease_writesItDown() {
    TestLease lease = new TestLease(false);
    try (EngineStore store = open(lease)) {
      log.damage("entry 1 is gone");
      Awaitility.await().until(() -> log.opened > 3);

      lease.take();

      Awaitility.await().until(() -> store.status().ready());
      assertThat(log.snapshots).isNotEmpty();
    }
  }

  @Test
  void logThatCannotBeRead_isSaid() {
    log.unreadable = "chunk 7 is missing";
    try (EngineStore store = open(new TestLease(true))) {
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(store.status().reason())
                      .isEqualTo("the log cannot be read: chunk 7 is missing"));
      assertThat(store.replica().state().problem()).contains("chunk 7 is missing");
      assertThat(store.replica().isFilled()).isFalse();
      log.unreadable = "";

      Awaitility.await().until(() -> store.status().ready());
      assertThat(store.replica().state().problem()).isEmpty();
      assertThat(store.replica().isFilled()).isTrue();
    }
  }

  /** Says that it is damaged until a snapshot is written. */
  private static final class ForgetfulLog implements Log {
    private final List<Root> snapshots = new CopyOnWriteArrayList<>();
    private volatile @Nullable Listener listener;
    private volatile String damage = "";
    private volatile String unreadable = "";
    private volatile int opened;
    private volatile boolean damageAfterPart;
    private volatile boolean snapshotsFail;
    private volatile int snapshotsFailed;

    void damage(String reason) {
      damage = reason;
      Listener told = listener;
      if (told != null) {
        told.damaged(reason);
      }
    }

    @Override
    public synchronized CompletableFuture<Recovered> open() {
      opened++;
      return unreadable.isEmpty()
          ? CompletableFuture.completedFuture(
              new Recovered(snapshots.isEmpty() ? Root.EMPTY : snapshots.getLast(), List.of()))
          : CompletableFuture.failedFuture(new IOException(unreadable));
    }

    @Override
    public CompletableFuture<Appended> append(LogEntry entry) {
      Listener told = listener;
      if (!damage.isEmpty() || told == null) {
        return CompletableFuture.failedFuture(new IOException("the one before is gone"));
      }
      told.decided(entry);
      if (damageAfterPart && entry.part().filter(part -> part.number() == 0).isPresent()) {
        damage("a part is gone");
      }
      return CompletableFuture.completedFuture(new Appended.Ours());
    }

    @Override
    public void follow(long position, Listener newListener) {
      listener = newListener;
      if (!damage.isEmpty()) {
        newListener.damaged(damage);
      }
    }

    @Override
    public synchronized CompletableFuture<Void> snapshot(Root root) {
      if (snapshotsFail) {
        snapshotsFailed++;
        return CompletableFuture.failedFuture(new IOException("no space is left"));
      }
      snapshots.add(root);
      damage = "";
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public int maxEntryBytes() {
      return 16 << 10;
    }

    @Override
    public void close() {}
  }
}
