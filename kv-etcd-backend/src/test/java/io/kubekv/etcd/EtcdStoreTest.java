package io.kubekv.etcd;

import static io.kubekv.etcd.EtcdRig.eventually;
import static io.kubekv.etcd.EtcdRig.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteRequest;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.LimitExceededException;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is special to etcd: revisions, several processes, and others who use etcd itself. */
class EtcdStoreTest {
  private EtcdProcess etcd;
  private EtcdRig rig;
  private EtcdStore store;

  @BeforeEach
  void open() {
    etcd = EtcdProcess.borrow(EtcdVersion.V3_6);
    rig = new EtcdRig(List.of(etcd.endpoint()));
    store = rig.open(List.of(etcd.endpoint()));
  }

  @AfterEach
  void close() {
    rig.close();
    etcd.giveBack(EtcdVersion.V3_6);
  }

  private EtcdStore another() {
    return rig.open(List.of(etcd.endpoint()));
  }

  private static PutRequest value(String key, String value) {
    return PutRequest.of(Key.of(key), Bytes.utf8(value));
  }

  private static Entry stored(PutOutcome outcome) {
    return ((PutOutcome.Stored) outcome).entry();
  }

  @Test
  void revisions_areEtcdsOwn() {
    Entry entry = stored(store.put(value("a", "1")));

    assertThat(rig.get(rig.keys().entry(Key.of("a"))).orElseThrow().getModRevision())
        .isEqualTo(entry.modifyRevision().value());
  }

  @Test
  void value_isReadableWithEtcdctl() {
    store.put(value("a", "plain text").withFlags(7));

    String raw = rig.get(rig.keys().entry(Key.of("a"))).orElseThrow().getValue().toStringUtf8();

    assertThat(raw).startsWith("kubekv1 cause=SET").contains(" flags=7 ").endsWith("\nplain text");
  }

  @Test
  void foreignPut_isAnEntryWithEtcdsNumbers() throws InterruptedException {
    try (Watched watched = new Watched(store)) {
      long first = rig.put(rig.keys().entry(Key.of("a")), "by hand");
      long second = rig.put(rig.keys().entry(Key.of("a")), "again");

      assertThat(text(store, "a")).contains("again");
      WatchEvent.Put put = (WatchEvent.Put) watched.next();
      assertThat(put.cause()).isEqualTo(Cause.SET);
      assertThat(put.revision().value()).isEqualTo(first);
      assertThat(watched.next().revision().value()).isEqualTo(second);
    }
    Entry entry = store.get(Key.of("a"), Freshness.LINEARIZABLE).entry().orElseThrow();
    assertThat(entry.version()).isEqualTo(2);
    assertThat(stored(store.put(value("a", "ours"))).version()).isEqualTo(3);
  }

  @Test
  void foreignDelete_isToldAsADeleteAndNotAsAnExpiry() throws InterruptedException {
    Entry entry = stored(store.put(value("a", "mortal").withTimeToLive(Duration.ofHours(1))));
    try (Watched watched = new Watched(store)) {
      long revision = rig.delete(Span.of(rig.keys().entry(Key.of("a"))));

      assertThat(watched.next())
          .isInstanceOfSatisfying(
              WatchEvent.Delete.class,
              delete -> {
                assertThat(delete.cause()).isEqualTo(Cause.DELETE);
                assertThat(delete.previous()).isEqualTo(entry);
                assertThat(delete.revision().value()).isEqualTo(revision);
              });
    }
    assertThat(text(store, "a")).isEmpty();
  }

  @Test
  void foreignDeleteOfMany_tellsEachOfThem() throws InterruptedException {
    store.put(value("a/1", "1"));
    store.put(value("a/2", "2"));
    store.put(value("b", "3"));
    try (Watched watched = new Watched(store)) {
      rig.delete(rig.keys().entriesBelow(new Prefix("a/")));
      store.put(value("last", ""));

      assertThat(watched.before("last"))
          .extracting(event -> ((WatchEvent.Delete) event).previous().key().text())
          .containsExactly("a/1", "a/2");
    }
  }

  @Test
  void strangersBesideTheEntries_areIgnored() {
    rig.put(rig.keys().cause(), "not ours");
    rig.put(rig.keys().session(SessionSpec.random().id()), "not ours");

    assertThat(store.put(value("a", "1"))).isInstanceOf(PutOutcome.Stored.class);
    assertThat(store.sessions().list(Freshness.LINEARIZABLE).sessions()).isEmpty();
  }

  @Test
  void secondProcess_seesAtOnceWhatTheFirstWasTold() {
    EtcdStore other = another();
    for (int i = 0; i < 20; i++) {
      String value = Integer.toString(i);
      store.put(value("a", value));
      assertThat(text(other, "a")).contains(value);
      assertThat(stored(other.put(value("a", value + "!"))).version()).isEqualTo(2 * i + 2);
    }
  }

  @Test
  void createByTwoProcesses_oneWins() {
    EtcdStore other = another();
    for (int i = 0; i < 20; i++) {
      PutRequest create = value("k" + i, "1").withPrecondition(Precondition.ABSENT);
      assertThat(store.put(create)).isInstanceOf(PutOutcome.Stored.class);
      assertThat(other.put(create)).isInstanceOf(Refused.class);
    }
  }

  @Test
  void expiry_whenThePuttersProcessIsGone_isDoneOnceByAnother() throws InterruptedException {
    EtcdStore other = another();
    EtcdStore third = another();
    try (Watched watched = new Watched(other);
        Watched same = new Watched(third)) {
      store.put(value("a", "1").withTimeToLive(Duration.ofSeconds(1)));
      store.close();
      eventually("a is gone", () -> text(other, "a").isEmpty());
      other.put(value("last", ""));

      List<WatchEvent> events = watched.before("last");
      assertThat(events).hasSize(2);
      assertThat(((WatchEvent.Delete) events.getLast()).cause()).isEqualTo(Cause.EXPIRE);
      assertThat(same.before("last")).isEqualTo(events);
    }
  }

  @Test
  void expiry_whenNobodyWasThere_isDoneByTheNextProcess() {
    store.put(value("a", "1").withTimeToLive(Duration.ofSeconds(1)));
    store.put(value("b", "1").withTimeToLive(Duration.ofHours(1)));
    store.close();
    eventually("the lease has ended", () -> rig.get(rig.keys().expiry(Key.of("a"))).isEmpty());

    EtcdStore next = another();

    eventually("a is gone", () -> text(next, "a").isEmpty());
    assertThat(text(next, "b")).contains("1");
  }

  @Test
  void session_isRenewedByAnyProcess_andItsEndFreesWhatItHeld() {
    EtcdStore other = another();
    SessionSpec spec =
        SessionSpec.random()
            .withTimeToLive(Duration.ofSeconds(1))
            .withBehavior(SessionBehavior.DELETE);
    store.sessions().create(spec);
    store.put(value("a", "held").withLocking(new Locking.Acquire(spec.id())));
    store.close();

    assertThat(other.sessions().renew(spec.id())).isPresent();
    eventually(
        "the session has ended",
        () -> other.sessions().get(spec.id(), Freshness.LINEARIZABLE).session().isEmpty());

    eventually("a is deleted", () -> text(other, "a").isEmpty());
  }

  @Test
  void storesOfOneEtcd_haveNothingInCommon() {
    try (EtcdRig beside = new EtcdRig(List.of(etcd.endpoint()))) {
      EtcdStore other = beside.open(List.of(etcd.endpoint()));
      store.put(value("a", "1"));

      assertThat(text(other, "a")).isEmpty();
      assertThat(other.id()).isNotEqualTo(store.id());
    }
  }

  @Test
  void cluster_whereOthersWriteBesideTheStore_saysThatTheWatchHasKeptUp() {
    ByteString elsewhere = ByteString.copyFromUtf8("/elsewhere");
    long last = rig.put(elsewhere, "nothing of the store's");

    AtomicReference<EtcdCluster> told = new AtomicReference<>();
    eventually(
        "the watch keeps up",
        () -> {
          told.set(store.cluster());
          return told.get().lag().isPresent();
        });

    EtcdCluster cluster = told.get();
    assertThat(cluster.revision().value()).isGreaterThanOrEqualTo(last);
    assertThat(cluster.told()).isGreaterThanOrEqualTo(cluster.revision());
    assertThat(cluster.id()).isPresent();
    EtcdCluster.State state = cluster.members().getFirst().state().orElseThrow();
    assertThat(state.version()).startsWith("3.6");
    assertThat(state.databaseBytes()).isGreaterThanOrEqualTo(state.usedBytes()).isPositive();
  }

  @Test
  void transaction_ofMoreThanEtcdTakes_isOverALimit() {
    SessionSpec spec = SessionSpec.random().withTimeToLive(Duration.ofHours(1));
    store.sessions().create(spec);
    List<TransactionOperation> locks = new ArrayList<>();
    for (int i = 0; i < TransactionRequest.MAX_OPERATIONS; i++) {
      PutRequest lock = value("k" + i, "1").withLocking(new Locking.Acquire(spec.id()));
      locks.add(new TransactionOperation.Put(lock));
    }

    assertThatThrownBy(() -> store.transact(TransactionRequest.of(locks)))
        .isInstanceOf(LimitExceededException.class)
        .hasMessage("transaction size is 130 operations of etcd, at most 128 allowed");

    assertThat(text(store, "k0")).isEmpty();
    assertThat(store.transact(TransactionRequest.of(locks.subList(0, 50))))
        .isInstanceOf(TransactionOutcome.Committed.class);
  }

  @Test
  void lateRequest_afterItWasGivenUp_changesNothing() {
    LateEtcd late = new LateEtcd(GrpcEtcd.connect(EtcdAccess.plain(List.of(etcd.endpoint()))));
    EtcdStore slow = rig.open(late);
    late.keepNext();

    Entry created = stored(slow.put(value("a", "1").withPrecondition(Precondition.ABSENT)));
    store.delete(DeleteRequest.of(Key.of("a")));
    boolean applied = late.deliver();

    assertThat(created.version()).isEqualTo(1);
    assertThat(applied).as("a create that was settled as not applied").isFalse();
    assertThat(text(store, "a")).isEmpty();
  }

  @Test
  void members_areAllThatJoined_untilTheyStopOrTheirLeaseRunsOut() throws Exception {
    try (Cable cable = new Cable(etcd.port())) {
      EtcdStore stopped = another();
      EtcdStore vanished = rig.open(List.of(cable.endpoint()));
      assertThat(store.members()).isEmpty();

      store.join("one");
      stopped.join("two");
      vanished.join("three");

      Map<String, String> all =
          Map.of(store.process(), "one", stopped.process(), "two", vanished.process(), "three");
      for (EtcdStore each : List.of(store, stopped, vanished)) {
        eventually("seen by each", () -> each.members().equals(all));
      }

      stopped.close();
      eventually("stopped", () -> !store.members().containsKey(stopped.process()));
      assertThat(store.members()).containsValue("three");

      cable.unplug();
      eventually("vanished", () -> store.members().equals(Map.of(store.process(), "one")));
      assertThat(vanished.members()).containsValue("three");
    }
  }

  @Test
  void members_thatNobodyOfOursWrote_areBounded() {
    store.join("one");
    EtcdStore other = another();
    other.join("two");
    eventually("both", () -> store.members().size() == 2);

    rig.put(rig.keys().member("not-ours"), "x".repeat(9000));

    rig.put(rig.keys().member("also-not"), "short");

    eventually("foreign", () -> store.members().containsKey("also-not"));
    assertThat(store.members()).hasSize(3).doesNotContainKey("not-ours");
  }
}
