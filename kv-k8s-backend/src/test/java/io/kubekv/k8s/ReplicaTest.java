package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two processes of one store; the test carries what one announces to the other. */
class ReplicaTest {
  private static final Key KEY = Key.of("a/b");
  private static final Duration LEASE = Duration.ofSeconds(6);
  private static final Duration SOON = Duration.ofSeconds(4);
  private static final String ADDRESS = "10.0.0.1:2390";

  private final StubKubernetesApi api = new StubKubernetesApi();
  private final LeaseApi leases = new StubLeaseApi(new FakeClocks());
  private final DrivenClocks holderClocks = new DrivenClocks();
  private final DrivenClocks followerClocks = new DrivenClocks();
  private KubernetesStore holder;
  private KubernetesStore follower;

  @BeforeEach
  void open() {
    holder = open(holderClocks, "one", ADDRESS);
    follower = open(followerClocks, "two", "");
  }

  @AfterEach
  void close() {
    api.releaseEvents();
    follower.close();
    holder.close();
  }

  @Test
  void lease_saysWhereTheHolderIs() {
    Replica.Lease seen = follower.replica().lease().orElseThrow();

    assertThat(seen.ours()).isFalse();
    assertThat(seen.holder()).isEqualTo(holder.replica().identity());
    assertThat(seen.address()).isEqualTo(ADDRESS);
    assertThat(seen.duration()).isEqualTo(LEASE);
  }

  /** Otherwise the others would go on connecting to whoever held it before. */
  @Test
  void lease_takenByOneWithoutAddress_hasNoneAnyMore() {
    holder.close();
    await().until(() -> follower.replica().isActive());

    assertThat(follower.replica().lease().orElseThrow().address()).isEmpty();
  }

  @Test
  void call_leaseHeldElsewhere_isRefusedAtOnce() {
    long begun = System.nanoTime();

    assertThatThrownBy(() -> follower.get(KEY, Freshness.LINEARIZABLE))
        .isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> put(follower, "1")).isInstanceOf(UnavailableException.class);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
  }

  @Test
  void read_ofWhatWasNotAnnounced_doesNotShowIt() {
    announceAll();
    Revision revision = put(holder, "1");
    await().until(() -> follower.replica().state().backlog() > 0);

    assertThat(follower.get(KEY, Freshness.STALE).entry()).isEmpty();

    follower.replica().announced(revision, holder.id());
    assertThat(value(follower)).contains("1");
  }

  @Test
  void watch_getsEventsWhenTheyAreAnnouncedAndNotBefore() throws Exception {
    announceAll();
    try (Watch watch = follower.watch(WatchRequest.fromNow(Range.all()))) {
      assertThat(watch.next(SOON).orElseThrow()).isInstanceOf(WatchEvent.Progress.class);
      Revision first = put(holder, "1");
      put(holder, "2");
      await().until(() -> follower.replica().state().backlog() == 2);

      assertThat(watch.next(Duration.ZERO)).isEmpty();
      follower.replica().announced(first, holder.id());

      assertThat(watch.next(SOON).orElseThrow().revision()).isEqualTo(first);
      assertThat(watch.next(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void read_beforeAnythingWasAnnounced_isUnavailable() {
    assertThat(follower.replica().isFilled()).isFalse();
    assertThatThrownBy(() -> follower.get(KEY, Freshness.STALE))
        .isInstanceOf(UnavailableException.class);
  }

  /**
   * What is read before the lease is checked may be announced late, but not the other way round.
   */
  @Test
  void news_leaseOver_isNone() throws Exception {
    assertThat(holder.replica().news()).isPresent();

    holderClocks.advance(LEASE);

    assertThat(holder.replica().news()).isEmpty();
    assertThat(holder.replica().awaitNews(Revision.ZERO, Duration.ZERO)).isEmpty();
  }

  @Test
  void awaitNews_nothingNew_saysTheSameAgain() throws Exception {
    Revision told = holder.replica().news().orElseThrow();

    assertThat(holder.replica().awaitNews(told, Duration.ofMillis(1))).contains(told);
  }

  @Test
  void takeOver_showsWhatWaited_andMissesNothing() throws Exception {
    announceAll();
    List<Revision> expected = new ArrayList<>();
    try (Watch watch = follower.watch(WatchRequest.fromNow(Range.all()))) {
      assertThat(watch.next(SOON)).isPresent();
      expected.add(put(holder, "1"));
      expected.add(put(holder, "2"));

      holder.close();
      await().until(() -> follower.replica().isActive());
      expected.add(put(follower, "3"));

      List<Revision> seen = new ArrayList<>();
      while (seen.size() < expected.size()) {
        seen.add(watch.next(SOON).orElseThrow().revision());
      }
      assertThat(seen).isEqualTo(expected);
    }
  }

  @Test
  void formerHolder_showsNothingOfItsSuccessorUntilThatAnnouncesIt() {
    put(holder, "1");
    holderClocks.advance(LEASE);
    followerClocks.advance(LEASE.multipliedBy(2));
    await().until(() -> follower.replica().isActive());
    Revision revision = put(follower, "2");
    await().until(() -> holder.replica().state().backlog() > 0);

    assertThat(value(holder)).contains("1");

    holder.replica().announced(revision, follower.id());
    assertThat(value(holder)).contains("2");
  }

  /** It was never acknowledged; the successor's index shows it before anybody else's. */
  @Test
  void lateWriteOfADeposedHolder_isShownByTheSuccessorFirst() {
    put(holder, "1");
    holderClocks.advance(LEASE);
    followerClocks.advance(LEASE.multipliedBy(2));
    await().until(() -> follower.replica().isActive());
    announceTo(holder, follower);

    api.holdEvents();
    Revision late = api.put(edit("late"));
    assertThat(value(holder)).contains("1");
    api.releaseEvents();

    await().until(() -> value(follower).equals(Optional.of("late")));
    assertThat(value(holder)).contains("1");
    holder.replica().announced(late, follower.id());
    assertThat(value(holder)).contains("late");
  }

  @Test
  void newListWhileFollowing_isNotShownBeforeItIsAnnounced() {
    announceAll();
    api.dropEvents(true);
    api.put(edit("1"));
    api.compact();
    api.dropEvents(false);
    api.endWatches();
    await().until(() -> follower.replica().awaited().isPresent());

    assertThat(follower.get(KEY, Freshness.STALE).entry()).isEmpty();

    announceAll();
    assertThat(value(follower)).contains("1");
  }

  @Test
  void backfill_watchFromBeforeTheList_getsWhatTheHolderRemembered() throws Exception {
    Revision first = put(holder, "1");
    Revision second = put(holder, "2");
    List<WatchEvent> remembered = events(holder, first, 2);
    follower.close();
    api.compact();
    follower = open(followerClocks, "two", "");
    announceAll();
    Revision base = follower.replica().historyBase();
    assertThat(next(follower, first)).isInstanceOf(WatchEvent.HistoryGone.class);

    follower.replica().backfill(base, first, remembered);

    assertThat(events(follower, first, 2)).isEqualTo(remembered);
    assertThat(remembered.getLast().revision()).isEqualTo(second);
    assertThat(next(follower, new Revision(1))).isInstanceOf(WatchEvent.HistoryGone.class);
  }

  @Test
  void backfill_ofAnotherList_isIgnored() throws Exception {
    Revision first = put(holder, "1");
    announceAll();
    Revision base = follower.replica().historyBase();

    follower.replica().backfill(base.next(), first, events(holder, first, 1));

    assertThat(follower.replica().state().oldest()).isEqualTo(base.next());
  }

  private static List<WatchEvent> events(KubernetesStore store, Revision from, int count)
      throws InterruptedException {
    List<WatchEvent> events = new ArrayList<>();
    try (Watch watch = store.watch(WatchRequest.from(Range.all(), from))) {
      while (events.size() < count) {
        WatchEvent event = watch.next(SOON).orElseThrow();
        if (!(event instanceof WatchEvent.Progress)) {
          events.add(event);
        }
      }
    }
    return events;
  }

  private static WatchEvent next(KubernetesStore store, Revision from) throws InterruptedException {
    try (Watch watch = store.watch(WatchRequest.from(Range.all(), from))) {
      return watch.next(SOON).orElseThrow();
    }
  }

  /** An idle store's list may stand at a revision that no change will ever reach. */
  @Test
  void reach_revisionOfNoChange_isReachedByAMarker() {
    Revision before = holder.replica().news().orElseThrow();
    Revision wanted = before.next();

    holder.replica().reach(wanted);

    assertThat(holder.replica().news().orElseThrow().isBefore(wanted)).isFalse();
    assertThat(follower.replica().isActive()).isFalse();
    assertThatThrownBy(() -> follower.replica().reach(wanted))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void storeId_isTheHoldersOnAll() {
    announceAll();

    assertThat(follower.id()).isEqualTo(holder.id());
  }

  private void announceAll() {
    announceTo(follower, holder);
  }

  private void announceTo(KubernetesStore to, KubernetesStore from) {
    Revision now = from.replica().news().orElseThrow();
    to.replica().announced(now, from.id());
    await().until(() -> !to.replica().state().shown().isBefore(now));
  }

  private static ObjectSpec edit(String value) {
    return ObjectSpec.first(
        ObjectType.VALUE,
        KEY,
        Bytes.utf8(value),
        io.kubekv.Cause.SET,
        new WriteId("late", Revision.ZERO));
  }

  private static Revision put(KubernetesStore store, String value) {
    return switch (store.put(PutRequest.of(KEY, Bytes.utf8(value)))) {
      case PutOutcome.Stored stored -> stored.entry().modifyRevision();
      case io.kubekv.Refused refused -> throw new AssertionError(refused);
    };
  }

  private static Optional<String> value(KubernetesStore store) {
    return store.get(KEY, Freshness.STALE).entry().flatMap(entry -> entry.value().asText());
  }

  private KubernetesStore open(Clocks on, String owner, String address) {
    return KubernetesStore.open(
        api,
        leases,
        on,
        KubernetesStoreConfig.defaults("default", LeaseSettings.defaults(owner))
            .withPatience(SOON, Duration.ofSeconds(2))
            .asReplica(address));
  }
}
