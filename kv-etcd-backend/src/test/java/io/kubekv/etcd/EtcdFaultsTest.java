package io.kubekv.etcd;

import static io.kubekv.etcd.EtcdRig.eventually;
import static io.kubekv.etcd.EtcdRig.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Bytes;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Revision;
import io.kubekv.StoreException;
import io.kubekv.UnavailableException;
import io.kubekv.WatchEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real etcd that loses its leader, stands still, is killed, is cut off, and forgets. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class EtcdFaultsTest {
  private static final int INCREMENTS = 30;

  /** How many increments were acknowledged, and how many may or may not have been. */
  private record Count(int known, int unknown) {}

  private static PutRequest value(String key, String value) {
    return PutRequest.of(Key.of(key), Bytes.utf8(value));
  }

  /** Counts up by compare-and-swap; after a third and two thirds something happens. */
  private static Count count(KeyValueStore store, Runnable first, Runnable second) {
    store.put(value("n", "0"));
    int known = 0;
    int unknown = 0;
    for (int i = 0; known < INCREMENTS; i++) {
      if (i == INCREMENTS / 3) {
        first.run();
      }
      if (i == 2 * INCREMENTS / 3) {
        second.run();
      }
      try {
        Entry now = store.get(Key.of("n"), Freshness.LINEARIZABLE).entry().orElseThrow();
        String next = Integer.toString(Integer.parseInt(now.value().toText()) + 1);
        Precondition same = new Precondition.RevisionIs(now.modifyRevision());
        PutOutcome outcome = store.put(value("n", next).withPrecondition(same));
        assertThat(outcome).as("the only writer").isInstanceOf(PutOutcome.Stored.class);
        known++;
      } catch (OutcomeUnknownException mayBe) {
        unknown++;
      } catch (StoreException notNow) {
        assertThat(notNow.advice()).isEqualTo(StoreException.Advice.RETRY);
      }
    }
    return new Count(known, unknown);
  }

  private static void assertCounted(KeyValueStore store, Count count) {
    int reached = Integer.parseInt(text(store, "n").orElseThrow());
    assertThat(reached).isBetween(count.known(), count.known() + count.unknown());
  }

  @Test
  void membersKilledInTurn_nothingAcknowledgedIsLostAndNothingIsDoneTwice()
      throws InterruptedException {
    List<EtcdProcess> members = EtcdProcess.startThree(EtcdVersion.V3_6);
    List<String> endpoints = members.stream().map(EtcdProcess::endpoint).toList();
    try (EtcdRig rig = new EtcdRig(endpoints)) {
      EtcdStore store = rig.open(endpoints);
      try (Watched watched = new Watched(store)) {
        Count count =
            count(
                store,
                () -> members.get(0).kill(),
                () -> {
                  members.get(0).startAgain();
                  members.get(0).awaitAnswer(EtcdAccess.plain(endpoints));
                  members.get(1).kill();
                });

        assertCounted(store, count);
        store.put(value("last", ""));
        List<WatchEvent> events = watched.before("last");
        assertThat(events.stream().map(WatchEvent::revision)).isSorted().doesNotHaveDuplicates();
        assertThat(events.size() - 1).isBetween(count.known(), count.known() + count.unknown());
      }
    } finally {
      members.forEach(EtcdProcess::close);
    }
  }

  @Test
  void memberKilled_theClusterIsToldWithoutIt() {
    List<EtcdProcess> members = EtcdProcess.startThree(EtcdVersion.V3_6);
    List<String> endpoints = members.stream().map(EtcdProcess::endpoint).toList();
    try (EtcdRig rig = new EtcdRig(endpoints)) {
      EtcdStore store = rig.open(endpoints);
      EtcdCluster whole = answered(store, 0, 1, 2);
      members.get(1).kill();
      EtcdCluster less = answered(store, 0, 2);

      assertThat(whole.members())
          .extracting(EtcdCluster.Member::endpoint)
          .containsExactlyElementsOf(endpoints);
      assertThat(whole.members())
          .extracting(EtcdCluster.Member::name)
          .containsExactly("m0", "m1", "m2");
      assertThat(whole.members().stream().flatMap(member -> member.state().stream()))
          .extracting(EtcdCluster.State::role)
          .containsOnlyOnce(EtcdCluster.Role.LEADER)
          .hasSize(3);
      assertThat(less.members().get(1).state()).isEmpty();
      assertThat(less.members().get(1).problem()).contains("does not answer");
      assertThat(less.members().get(2).state()).isPresent();
    } finally {
      members.forEach(EtcdProcess::close);
    }
  }

  /** Asked until these answer: each has a second only, and the machine may be busy. */
  private static EtcdCluster answered(EtcdStore store, int... members) {
    AtomicReference<EtcdCluster> told = new AtomicReference<>();
    eventually(
        "the members answer",
        () -> {
          told.set(store.cluster());
          List<EtcdCluster.Member> all = told.get().members();
          return IntStream.of(members)
              .allMatch(i -> all.get(i).state().isPresent() && !all.get(i).name().isEmpty());
        });
    return told.get();
  }

  @Test
  void memberStandsStill_theOthersServe() {
    List<EtcdProcess> members = EtcdProcess.startThree(EtcdVersion.V3_6);
    List<String> endpoints = members.stream().map(EtcdProcess::endpoint).toList();
    try (EtcdRig rig = new EtcdRig(endpoints)) {
      EtcdStore store = rig.open(endpoints);
      Count count =
          count(store, () -> members.get(2).signal("STOP"), () -> members.get(2).signal("CONT"));

      assertCounted(store, count);
    } finally {
      members.forEach(EtcdProcess::close);
    }
  }

  @Test
  void majorityGone_isUnavailableUntilItIsBack() {
    List<EtcdProcess> members = EtcdProcess.startThree(EtcdVersion.V3_6);
    List<String> endpoints = members.stream().map(EtcdProcess::endpoint).toList();
    try (EtcdRig rig = new EtcdRig(endpoints)) {
      EtcdStore store = rig.open(endpoints);
      store.put(value("a", "1"));
      members.get(0).kill();
      members.get(1).kill();

      assertThatThrownBy(() -> text(store, "a")).isInstanceOf(UnavailableException.class);
      eventually("the store says so", () -> !store.status().ready());
      assertThat(store.get(Key.of("a"), Freshness.STALE).entry()).isPresent();
      members.get(0).startAgain();

      eventually("the store is ready", () -> store.status().ready());
      assertThat(text(store, "a")).contains("1");
      assertThat(store.put(value("a", "2"))).isInstanceOf(PutOutcome.Stored.class);
    } finally {
      members.forEach(EtcdProcess::close);
    }
  }

  @Test
  void etcdKilledAndStartedAgain_theStoreGoesOn() {
    EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
    try (EtcdRig rig = new EtcdRig(List.of(etcd.endpoint()))) {
      EtcdStore store = rig.open(List.of(etcd.endpoint()));
      Count count =
          count(
              store,
              () -> {
                etcd.kill();
                etcd.startAgain();
              },
              () -> {
                etcd.kill();
                etcd.startAgain();
              });

      assertCounted(store, count);
    } finally {
      etcd.close();
    }
  }

  @Test
  void compactedWhileCutOff_watchesAreToldAndTheStateIsRight() throws InterruptedException {
    EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
    try (EtcdRig rig = new EtcdRig(List.of(etcd.endpoint()));
        Cable cable = new Cable(etcd.port())) {
      EtcdStore cut = rig.open(List.of(cable.endpoint()));
      EtcdStore other = rig.open(List.of(etcd.endpoint()));
      other.put(value("a", "1"));
      eventually("seen", () -> cut.get(Key.of("a"), Freshness.STALE).entry().isPresent());
      try (Watched watched = new Watched(cut)) {
        cable.unplug();
        other.put(value("a", "2"));
        other.put(value("b", "1"));
        Revision last = other.revision(Freshness.LINEARIZABLE);
        rig.compact(last.value());
        cable.plug();

        assertThat(watched.next()).isInstanceOf(WatchEvent.HistoryGone.class);
      }
      eventually("read again", () -> cut.get(Key.of("b"), Freshness.STALE).entry().isPresent());
      assertThat(text(cut, "a")).contains("2");
      assertThat(cut.status().oldest()).isGreaterThan(new Revision(1));
      assertThat(cut.put(value("a", "3"))).isInstanceOf(PutOutcome.Stored.class);
    } finally {
      etcd.close();
    }
  }

  @Test
  void cutOffWithoutCompaction_watchesMissNothing() throws InterruptedException {
    EtcdProcess etcd = EtcdProcess.start(EtcdVersion.V3_6);
    try (EtcdRig rig = new EtcdRig(List.of(etcd.endpoint()));
        Cable cable = new Cable(etcd.port())) {
      EtcdStore cut = rig.open(List.of(cable.endpoint()));
      EtcdStore other = rig.open(List.of(etcd.endpoint()));
      try (Watched watched = new Watched(cut)) {
        cable.unplug();
        for (int i = 0; i < 50; i++) {
          other.put(value("k" + i, "1"));
        }
        cable.plug();
        other.put(value("last", ""));

        assertThat(watched.before("last")).hasSize(50);
      }
    } finally {
      etcd.close();
    }
  }
}
