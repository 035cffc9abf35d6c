package io.kubekv.etcd;

import static io.kubekv.etcd.EtcdRig.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.StoreException;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.engine.log.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replicas over one log on etcd: take-overs, an etcd that was put back, keys that others changed.
 */
class EngineOnEtcdTest {
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final EngineSettings SETTINGS =
      EngineSettings.DEFAULT.withHolding(Duration.ofSeconds(1)).withPause(Duration.ofMillis(20));
  private static final EngineSettings MANY_SNAPSHOTS = SETTINGS.withSnapshotBytes(2_000);

  private static final ByteString BY_HAND = ByteString.copyFromUtf8("by hand");

  @TempDir Path folder;

  private static void ready(EngineStore store) {
    eventually("the store is ready", () -> store.status().ready());
  }

  private static PutRequest value(String key) {
    return PutRequest.of(Key.of(key), Bytes.utf8("value of " + key));
  }

  /** Puts keys until they are acknowledged. */
  private static void putAll(EngineStore store, String name, int count) {
    for (int i = 0; i < count; i++) {
      PutRequest put = value(name + i);
      eventually("stored", () -> stored(store, put));
    }
  }

  private static boolean stored(EngineStore store, PutRequest put) {
    try {
      return Await.change(store.put(put)) instanceof PutOutcome.Stored;
    } catch (StoreException notNow) {
      return false;
    }
  }

  private static boolean has(EngineStore store, Freshness freshness, String key) {
    try {
      return Await.read(store.get(Key.of(key), freshness)).entry().isPresent();
    } catch (StoreException notNow) {
      return false;
    }
  }

  private static void assertHasAll(EngineStore store, String name, int count) {
    for (int i = 0; i < count; i++) {
      String key = name + i;
      eventually(key + " is there", () -> has(store, Freshness.LINEARIZABLE, key));
    }
  }

  @Test
  void closedHolder_theOtherServesLongBeforeTheLeaseIsOver() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        EngineStore second = openSecond(rig, Duration.ofHours(1))) {
      putAll(second, "b", 3);
      assertHasAll(second, "a", 3);
    }
  }

  private static EngineStore openSecond(LogRig rig, Duration life) {
    EngineStore first = rig.open(rig.cable(), SETTINGS, life);
    ready(first);
    EngineStore second = rig.open(rig.cable(), SETTINGS, life);
    putAll(first, "a", 3);
    eventually("followed", () -> has(second, Freshness.STALE, "a1"));
    assertThat(second.status().ready()).isFalse();
    first.close();
    return second;
  }

  /** Entries of a lone client are few bytes: their number is what fills the log. */
  @Test
  void smallEntries_neverFillTheLog() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        EngineStore store = rig.open(rig.cable(), SETTINGS, LEASE, 100)) {
      ready(store);
      for (int i = 0; i < 500; i++) {
        assertThat(Await.change(store.put(value("a" + i)))).isInstanceOf(PutOutcome.Stored.class);
      }
    }
  }

  /** Who takes over a log that is full of another's entries makes room by himself. */
  @Test
  void logThatIsFullAtATakeOver_isNotForLong() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      try (EngineStore first = rig.open(rig.cable(), SETTINGS, LEASE)) {
        ready(first);
        putAll(first, "a", 50);
      }
      try (EngineStore second = rig.open(rig.cable(), SETTINGS, LEASE, 20)) {
        ready(second);
        putAll(second, "b", 3);
        assertHasAll(second, "a", 50);
      }
    }
  }

  @Test
  void holderThatIsCutOff_losesTheLogAndNothingThatItAcknowledged() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        Cable other = new Cable(rig.port());
        EngineStore first = rig.open(rig.cable(), SETTINGS, LEASE)) {
      ready(first);
      try (EngineStore second = rig.open(other, SETTINGS, LEASE)) {
        putAll(first, "a", 3);
        rig.cable().unplug();

        ready(second);
        assertThat(first.status().ready()).isFalse();
        putAll(second, "b", 3);
        rig.cable().plug();

        eventually("the first one follows", () -> has(first, Freshness.STALE, "b1"));
        assertHasAll(second, "a", 3);
      }
    }
  }

  @Test
  void compactedWhileCutOff_theFollowerLosesNothing() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        Cable other = new Cable(rig.port());
        EngineStore holder = rig.open(other, MANY_SNAPSHOTS, LEASE)) {
      ready(holder);
      try (EngineStore follower = rig.open(rig.cable(), SETTINGS, LEASE)) {
        putAll(holder, "a", 3);
        eventually("followed", () -> has(follower, Freshness.STALE, "a1"));
        rig.cable().unplug();
        putAll(holder, "b", 60);
        eventually("two snapshots", () -> rig.get(rig.keys().previousManifest()).isPresent());
        rig.compact();
        rig.cable().plug();

        eventually("followed again", () -> has(follower, Freshness.STALE, "b58"));
        assertThat(has(follower, Freshness.STALE, "a1")).isTrue();
      }
    }
  }

  @Test
  void etcdPutBackToABackup_theHolderWritesDownWhatItHasAcknowledged() {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
        LogRig rig = new LogRig(etcd)) {
      try (EngineStore store = rig.open(rig.cable(), MANY_SNAPSHOTS, LEASE)) {
        ready(store);
        putAll(store, "before", 10);
        etcd.kill();
        etcd.save(folder.resolve("backup"));
        etcd.startAgain();
        putAll(store, "after", 30);
        etcd.kill();
        etcd.putBack(folder.resolve("backup"));
        etcd.startAgain();

        putAll(store, "restored", 3);
        assertHasAll(store, "after", 30);
      }
      try (EngineStore fresh = rig.open(rig.cable(), SETTINGS, LEASE)) {
        ready(fresh);
        assertHasAll(fresh, "before", 10);
        assertHasAll(fresh, "after", 30);
        assertHasAll(fresh, "restored", 3);
      }
    }
  }

  @Test
  void entryDeletedOrReplacedByHand_theHolderWritesASnapshotInstead() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      try (EngineStore store = rig.open(rig.cable(), SETTINGS, LEASE)) {
        ready(store);
        putAll(store, "a", 5);
        rig.delete(rig.keys().entry(3));
        eventually("a snapshot", () -> rig.get(rig.keys().manifest()).isPresent());
        putAll(store, "b", 5);
        rig.put(rig.keys().entry(rig.lastEntry()), ByteString.copyFromUtf8("by hand"));
        putAll(store, "c", 5);
      }
      try (EngineStore fresh = rig.open(rig.cable(), SETTINGS, LEASE)) {
        ready(fresh);
        assertHasAll(fresh, "a", 5);
        assertHasAll(fresh, "b", 5);
        assertHasAll(fresh, "c", 5);
      }
    }
  }

  @Test
  void chunkLost_theSnapshotBeforeIsRead_andAnotherIsWritten() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      withSnapshots(rig);
      rig.delete(rig.keys().chunk(rig.chunkNames().getFirst()));

      try (EngineStore store = rig.open(rig.cable(), SETTINGS, LEASE)) {
        ready(store);
        assertHasAll(store, "a", 60);
      }
      Set<String> there = new HashSet<>();
      rig.list(rig.keys().chunks(), rig.keys().chunksEnd())
          .forEach(kv -> there.add(rig.keys().chunkName(kv.getKey())));
      assertThat(there).containsAll(rig.chunkNames());
    }
  }

  @Test
  void chunkWrittenOver_isNotCountedOnByTheNextSnapshot() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      try (EngineStore store = rig.open(rig.cable(), MANY_SNAPSHOTS, LEASE)) {
        ready(store);
        Bytes large = Bytes.utf8("large".repeat(30_000));
        eventually("stored", () -> stored(store, PutRequest.of(Key.of("a0"), large)));
        eventually("a snapshot", () -> rig.get(rig.keys().manifest()).isPresent());
        rig.list(rig.keys().chunks(), rig.keys().chunksEnd())
            .forEach(kv -> rig.put(kv.getKey(), ByteString.copyFromUtf8("by hand")));
        ByteString before = rig.get(rig.keys().manifest()).orElseThrow().getValue();
        putAll(store, "b", 60);
        eventually(
            "another snapshot",
            () -> !rig.get(rig.keys().manifest()).orElseThrow().getValue().equals(before));
      }
      try (EngineStore fresh = rig.open(rig.cable(), SETTINGS, LEASE)) {
        ready(fresh);
        assertHasAll(fresh, "a", 1);
        assertHasAll(fresh, "b", 60);
      }
    }
  }

  @Test
  void manifestWrittenOver_theNextSnapshotReplacesIt_andKeepsTheOneBefore() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      ByteString previous;
      try (EngineStore store = rig.open(rig.cable(), MANY_SNAPSHOTS, LEASE)) {
        ready(store);
        putAll(store, "a", 60);
        eventually("two snapshots", () -> rig.get(rig.keys().previousManifest()).isPresent());
        rig.put(rig.keys().manifest(), BY_HAND);
        putAll(store, "b", 60);
        eventually("another", () -> !rig.value(rig.keys().manifest()).equals(BY_HAND));
        previous = rig.value(rig.keys().previousManifest());
      }
      assertThat(previous).isNotEqualTo(BY_HAND);
      try (EngineStore fresh = rig.open(rig.cable(), SETTINGS, LEASE)) {
        ready(fresh);
        assertHasAll(fresh, "a", 60);
        assertHasAll(fresh, "b", 60);
      }
    }
  }

  @Test
  void manifestWrittenOver_theSnapshotBeforeIsRead_andAnotherIsWritten() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      withSnapshots(rig);
      ByteString previous = rig.value(rig.keys().previousManifest());
      rig.put(rig.keys().manifest(), ByteString.EMPTY);

      try (EngineStore store = rig.open(rig.cable(), SETTINGS, LEASE)) {
        ready(store);
        assertHasAll(store, "a", 60);
      }
      assertThat(rig.value(rig.keys().manifest())).isNotEqualTo(ByteString.EMPTY);
      assertThat(rig.value(rig.keys().previousManifest())).isEqualTo(previous);
      assertChunksStand(rig, rig.keys().manifest());
      assertChunksStand(rig, rig.keys().previousManifest());
    }
  }

  private static void assertChunksStand(LogRig rig, ByteString manifest) {
    Set<String> there = new HashSet<>();
    rig.list(rig.keys().chunks(), rig.keys().chunksEnd())
        .forEach(kv -> there.add(rig.keys().chunkName(kv.getKey())));
    assertThat(there).containsAll(rig.chunkNames(manifest));
  }

  @Test
  void bothManifestsWrittenOver_byAHolderThatRuns_areReplaced() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        EngineStore store = rig.open(rig.cable(), MANY_SNAPSHOTS, LEASE)) {
      ready(store);
      putAll(store, "a", 60);
      eventually("two snapshots", () -> rig.get(rig.keys().previousManifest()).isPresent());
      rig.put(rig.keys().manifest(), BY_HAND);
      rig.put(rig.keys().previousManifest(), BY_HAND);
      putAll(store, "b", 90);

      eventually("the newest", () -> !rig.value(rig.keys().manifest()).equals(BY_HAND));
      eventually("both", () -> !rig.value(rig.keys().previousManifest()).equals(BY_HAND));
    }
  }

  @Test
  void noLogButAManifestByHand_isWrittenOver() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      rig.put(rig.keys().manifest(), BY_HAND);

      try (EngineStore store = rig.open(rig.cable(), MANY_SNAPSHOTS, LEASE)) {
        ready(store);
        putAll(store, "a", 60);
        eventually("a snapshot", () -> !rig.value(rig.keys().manifest()).equals(BY_HAND));
      }
    }
  }

  @Test
  void snapshotThatCannotBeWrittenAnew_doesNotKeepTheLogShut() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      withSnapshots(rig);
      rig.put(rig.keys().manifest(), BY_HAND);
      rig.faults().loseSnapshots();

      try (Log log = rig.log()) {
        assertThat(log.open()).succeedsWithin(EtcdRig.PATIENCE);
      }
      assertThat(rig.value(rig.keys().manifest())).isEqualTo(BY_HAND);
    }
  }

  /** Two snapshots at least, and entries above. */
  private static void withSnapshots(LogRig rig) {
    try (EngineStore store = rig.open(rig.cable(), MANY_SNAPSHOTS, LEASE)) {
      ready(store);
      putAll(store, "a", 60);
      eventually("two snapshots", () -> rig.get(rig.keys().previousManifest()).isPresent());
    }
  }

  @Test
  void allChunksLost_isNamed_withWhatToDo() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      withSnapshots(rig);
      rig.delete(rig.keys().chunks(), rig.keys().chunksEnd());

      try (EngineStore store = rig.open(rig.cable(), SETTINGS, LEASE)) {
        eventually("a reason", () -> store.status().reason().contains("lacks a chunk"));
        assertThat(store.status().reason())
            .contains("etcd has no key", "restore etcd from a backup", "import an export");
        assertThat(store.status().ready()).isFalse();
      }
    }
  }

  @Test
  void snapshots_leaveNoChunkThatNobodyNeeds_andFewEntries() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6)) {
      withSnapshots(rig);
      Set<String> needed = new HashSet<>(rig.chunkNames());
      needed.addAll(rig.chunkNames(rig.keys().previousManifest()));
      // the last writer may have been stopped before it cleaned up: one snapshot's worth
      assertThat(rig.list(rig.keys().chunks(), rig.keys().chunksEnd()))
          .hasSizeLessThanOrEqualTo(needed.size() + 1);
      assertThat(rig.list(rig.keys().entry(0), rig.keys().entriesEnd())).hasSizeLessThan(55);
    }
  }

  @Test
  void userAndPassword_areAskedFor() {
    try (EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6)) {
      List<String> endpoints = List.of(etcd.endpoint());
      EtcdAccessTest.enableUsers(endpoints, "secret");
      try (LogRig rig = new LogRig(etcd);
          EngineStore known =
              rig.open(EtcdAccessTest.withPassword(endpoints, "secret"), SETTINGS, LEASE);
          EngineStore wrong =
              rig.open(EtcdAccessTest.withPassword(endpoints, "guess"), SETTINGS, LEASE)) {
        ready(known);
        putAll(known, "a", 2);
        eventually("a reason", () -> wrong.status().reason().contains("login failed"));
      }
    }
  }

  @Test
  void lateRequest_atAPositionThatWasTrimmed_putsNothing() {
    try (LogRig rig = new LogRig(EtcdVersion.V3_6);
        EngineStore store = rig.open(rig.cable(), MANY_SNAPSHOTS, LEASE)) {
      Log deposed = rig.log();
      Runnable arrive = rig.holdFirstAppend(deposed);
      ready(store);
      putAll(store, "a", 60);
      eventually("trimmed", () -> rig.get(rig.keys().entry(1)).isEmpty());

      arrive.run();

      assertThat(rig.get(rig.keys().entry(1))).isEmpty();
      deposed.close();
    }
  }
}
