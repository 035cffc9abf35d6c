package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.DeleteOutcome;
import io.kubekv.DeleteRequest;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.Layout;
import io.kubekv.OutcomeUnknownException;
import io.kubekv.OverloadedException;
import io.kubekv.Precondition;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.QuarantinedException;
import io.kubekv.Range;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.UnavailableException;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.k8s.StubKubernetesApi.Fate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of one active replica, each on an API that misbehaves as the rule expects. */
class KubernetesStoreRulesTest {
  private static final Key KEY = Key.of("a/b");
  private static final String NAME = ObjectNames.of(ObjectType.VALUE, KEY);
  private static final Duration LEASE = Duration.ofSeconds(6);

  private final StubKubernetesApi api = new StubKubernetesApi();
  private final LeaseApi leases = new StubLeaseApi(new FakeClocks());
  private final DrivenClocks clocks = new DrivenClocks();
  private KubernetesStore store;

  @BeforeEach
  void open() {
    store = open(clocks, "one");
  }

  @AfterEach
  void close() {
    api.releaseEvents();
    store.close();
  }

  @Test
  void put_eventBeforeItsAnswer_isAcknowledged() {
    CompletableFuture<Void> never = new CompletableFuture<>();
    api.next(new Fate.HoldAnswer(never));

    assertThat(put("1")).isInstanceOf(PutOutcome.Stored.class);
  }

  @Test
  void put_answerBeforeItsEvent_waitsForTheEvent() throws Exception {
    api.holdEvents();
    FutureTask<PutOutcome> put = start(() -> put("1"));
    await().until(() -> api.get(NAME).isPresent());

    assertThat(put.isDone()).isFalse();
    assertThat(value()).isEmpty();

    api.releaseEvents();
    assertThat(put.get()).isInstanceOf(PutOutcome.Stored.class);
    assertThat(value()).contains("1");
  }

  @Test
  @SuppressWarnings("NullAway") // a bug that no event brings about
  void event_thatCannotBeTakenIn_leadsToANewList_andTheStoreGoesOn() {
    put("1");
    int lists = api.lists();

    api.tell(new KubernetesApi.StreamEvent.Changed(null));

    await().until(() -> api.lists() > lists);
    assertThat(put("2")).isInstanceOf(PutOutcome.Stored.class);
    assertThat(value()).contains("2");
  }

  @Test
  void put_answerLost_settlesByItsEvent() {
    api.next(new Fate.LoseAnswer());

    PutOutcome outcome = through().put(request("1").withPrecondition(Precondition.ABSENT));

    assertThat(outcome).isInstanceOf(PutOutcome.Stored.class);
  }

  @Test
  void put_requestLost_isSentAgainUnderTheSameId() {
    put("0");
    api.next(new Fate.LoseRequest());
    int before = api.requests().size();

    put("1");

    assertThat(api.requests().subList(before, before + 2))
        .hasSize(2)
        .containsOnly(api.requests().getLast());
  }

  @Test
  void put_answerAndEventsLost_isUnknownAndNotRepeatedUnderAnotherId() {
    put("0");
    api.dropEvents(true);
    api.holdEvents();
    api.refuseLists(true);
    api.next(new Fate.LoseAnswer());
    int before = api.requests().size();

    assertThatThrownBy(() -> put("1")).isInstanceOf(OutcomeUnknownException.class);

    assertThat(api.requests().subList(before, api.requests().size()).stream().distinct())
        .hasSize(1);
    api.refuseLists(false);
    api.dropEvents(false);
  }

  @Test
  void put_answerAndEventsLost_isSettledByANewList() {
    put("0");
    api.dropEvents(true);
    api.holdEvents();
    api.next(new Fate.LoseAnswer());

    assertThat(put("1")).isInstanceOf(PutOutcome.Stored.class);
    api.dropEvents(false);
  }

  @Test
  void put_leaseEndsBeforeItsEvent_isUnknown() throws Exception {
    api.holdEvents();
    FutureTask<PutOutcome> put = start(() -> put("1"));
    await().until(() -> api.get(NAME).isPresent());

    leases.get();
    ((StubLeaseApi) leases).takenBy("other_1", LEASE); // or this process takes it again
    clocks.advance(LEASE);
    api.releaseEvents();

    assertThatThrownBy(put::get).hasCauseInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void blindPut_overtakenByOthers_isDecidedAgain() throws Exception {
    put("0");
    api.holdEvents();
    api.put(edit("theirs"));
    FutureTask<PutOutcome> put = start(() -> put("mine"));
    await().until(() -> api.requests().getLast().startsWith("replace"));

    assertThat(put.isDone()).isFalse();
    api.releaseEvents();

    PutOutcome.Stored stored = (PutOutcome.Stored) put.get();
    assertThat(stored.previous().orElseThrow().value()).isEqualTo(Bytes.utf8("theirs"));
    assertThat(value()).contains("mine");
  }

  @Test
  void compareAndSwap_overtakenByOthers_isRefusedWithWhatTheIndexShows() throws Exception {
    Revision seen = ((PutOutcome.Stored) put("0")).entry().modifyRevision();
    api.holdEvents();
    Revision theirs = api.put(edit("theirs"));
    int before = api.requests().size();
    FutureTask<PutOutcome> put =
        start(
            () ->
                through().put(request("mine").withPrecondition(new Precondition.RevisionIs(seen))));
    await().until(() -> api.requests().size() > before);

    api.releaseEvents();

    Refused refused = (Refused) put.get();
    assertThat(refused.reason()).isEqualTo(Refused.Reason.CHANGED);
    assertThat(refused.entry().orElseThrow().modifyRevision()).isEqualTo(theirs);
  }

  @Test
  void put_refusedByTheApiWithoutVisibleReason_isUnavailable() {
    put("0");
    api.next(new Fate.Refuse(new ApiFailure.Conflict("said without reason")));

    assertThatThrownBy(() -> put("1")).isInstanceOf(UnavailableException.class);
  }

  @Test
  void put_refusedForWhatTheWatchShowsMuchLater_isDecidedAgainThen() throws Exception {
    put("0");
    api.holdEvents();
    api.put(edit("theirs"));
    int before = api.gets();
    FutureTask<PutOutcome> put = start(() -> put("1"));
    await().until(() -> api.gets() > before);

    api.releaseEvents();

    assertThat(put.get()).isInstanceOf(PutOutcome.Stored.class);
    assertThat(value()).contains("1");
  }

  @Test
  void put_onForeignObject_isQuarantined() {
    api.putForeign(NAME);

    assertThatThrownBy(() -> put("1")).isInstanceOf(QuarantinedException.class);
    assertThatThrownBy(() -> store.get(KEY, Freshness.LINEARIZABLE))
        .isInstanceOf(QuarantinedException.class);
  }

  @Test
  void put_onForeignObjectThatTheWatchHasNotShown_isQuarantinedAfterAsking() {
    api.dropEvents(true);
    api.holdEvents();
    api.putForeign(NAME);

    assertThatThrownBy(() -> put("1")).isInstanceOf(QuarantinedException.class);
  }

  @Test
  void entry_whoseObjectIsSpoilt_isDeletedAndQuarantined() throws Exception {
    put("1");
    try (Watch watch = store.watch(WatchRequest.fromNow(Range.all()))) {
      api.putForeign(NAME);

      assertThat(nextChange(watch)).isInstanceOf(WatchEvent.Delete.class);
    }
  }

  @Test
  void get_afterTheLeaseEnded_isUnavailable() {
    put("1");
    api.holdEvents();
    clocks.advance(LEASE);

    assertThatThrownBy(() -> store.get(KEY, Freshness.LINEARIZABLE))
        .isInstanceOf(UnavailableException.class);
    assertThat(store.get(KEY, Freshness.STALE).entry()).isPresent();
  }

  @Test
  void get_beforeTheBarrierIsBack_isUnavailable() {
    store.close();
    CompletableFuture<Void> later = new CompletableFuture<>();
    api.next(new Fate.HoldRequest(later));
    store = open(new DrivenClocks(), "two", Duration.ofSeconds(1));

    assertThat(store.status().ready()).isFalse();
    assertThat(store.status().reason()).isNotEmpty();
    assertThatThrownBy(() -> store.get(KEY, Freshness.LINEARIZABLE))
        .isInstanceOf(UnavailableException.class);

    later.complete(null);
    await().until(() -> store.status().ready());
  }

  @Test
  void barrierThatIsRefusedAtOnce_isTriedAgainAfterAPause() {
    store.close();
    Fate refused = new Fate.Refuse(new ApiFailure.Forbidden("status unknown for quota"));
    api.next(refused, refused, refused, refused);
    long began = System.nanoTime();

    store = open(new DrivenClocks(), "two", Duration.ofSeconds(1));
    await().until(() -> store.status().ready());

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(4 * 200));
  }

  @Test
  void lapseOfOnesOwn_needsANewBarrier() {
    put("1");
    CompletableFuture<Void> later = new CompletableFuture<>();
    api.next(new Fate.HoldRequest(later));
    clocks.advance(LEASE);
    await().until(() -> store.status().reason().contains("barrier"));

    assertThatThrownBy(() -> store.get(KEY, Freshness.LINEARIZABLE))
        .isInstanceOf(UnavailableException.class);

    later.complete(null);
    await().untilAsserted(() -> assertThat(value()).contains("1"));
  }

  @Test
  void requestHeldBackAcrossATakeOver_isNeverAcknowledgedAndShowsWhenApplied() throws Exception {
    put("1");
    CompletableFuture<Void> later = new CompletableFuture<>();
    api.next(new Fate.HoldRequest(later));
    FutureTask<PutOutcome> put = start(() -> put("late"));
    await().until(() -> api.requests().getLast().startsWith("replace"));
    leases.get();
    ((StubLeaseApi) leases).takenBy("other_1", Duration.ofSeconds(1));
    clocks.advance(LEASE);

    try (KubernetesStore successor = open(new DrivenClocks(), "two")) {
      await().until(() -> successor.status().ready());
      assertThat(text(successor)).contains("1");

      later.complete(null);

      assertThatThrownBy(put::get).hasCauseInstanceOf(OutcomeUnknownException.class);
      await().untilAsserted(() -> assertThat(text(successor)).contains("late"));
    }
  }

  @Test
  void delete_isAMarkThatIsRemovedLaterInSilence() throws Exception {
    put("1");
    try (Watch watch = store.watch(WatchRequest.fromNow(Range.all()))) {
      DeleteOutcome.Deleted deleted =
          (DeleteOutcome.Deleted) through().delete(DeleteRequest.of(KEY));

      WatchEvent.Delete event = (WatchEvent.Delete) nextChange(watch);
      assertThat(event.revision()).isEqualTo(deleted.revision());
      assertThat(event.cause()).isEqualTo(Cause.DELETE);
      assertThat(api.get(NAME)).isPresent();

      clocks.advance(Duration.ofMinutes(2));
      await().until(() -> api.get(NAME).isEmpty());
      assertThat(watch.next(Duration.ofMillis(50))).isEmpty();
    }
  }

  @Test
  void put_overAMark_replacesIt() {
    put("1");
    through().delete(DeleteRequest.of(KEY));

    PutOutcome.Stored stored = (PutOutcome.Stored) put("2");

    assertThat(stored.previous()).isEmpty();
    assertThat(stored.entry().version()).isEqualTo(1);
    assertThat(api.requests().getLast()).startsWith("replace");
  }

  @Test
  void removalByOthers_isADelete() throws Exception {
    put("1");
    try (Watch watch = store.watch(WatchRequest.fromNow(Range.all()))) {
      api.remove(NAME);

      assertThat(nextChange(watch)).isInstanceOf(WatchEvent.Delete.class);
      assertThat(value()).isEmpty();
    }
  }

  @Test
  void endedWatch_goesOnWithoutAGap() throws Exception {
    put("1");
    try (Watch watch = store.watch(WatchRequest.fromNow(Range.all()))) {
      api.dropEvents(true);
      api.put(edit("2"));
      api.put(edit("3"));
      api.dropEvents(false);
      api.endWatches();

      assertThat(nextChange(watch)).extracting(KubernetesStoreRulesTest::valueOf).isEqualTo("2");
      assertThat(nextChange(watch)).extracting(KubernetesStoreRulesTest::valueOf).isEqualTo("3");
    }
  }

  @Test
  void forgottenHistory_isAGap_thatSaysWhatDiffers() throws Exception {
    put("1");
    through().put(PutRequest.of(Key.of("gone"), Bytes.utf8("x")));
    try (Watch all = store.watch(WatchRequest.fromNow(Range.all()));
        Watch one = store.watch(WatchRequest.fromNow(new Range.Exact(KEY)))) {
      loseTrackAnd(() -> api.remove(ObjectNames.of(ObjectType.VALUE, Key.of("gone"))));

      WatchEvent.HistoryGone gone = (WatchEvent.HistoryGone) nextChange(all);
      WatchEvent.Delete vanished = (WatchEvent.Delete) gone.differences().getFirst();
      assertThat(vanished.previous().key()).isEqualTo(Key.of("gone"));
      assertThat(gone.differences()).hasSize(1);
      assertThat(one.next(Duration.ofMillis(50)).orElseThrow())
          .isInstanceOf(WatchEvent.Progress.class);
      assertThat(one.next(Duration.ofMillis(50))).isEmpty();
      put("2");
      assertThat(nextChange(one)).extracting(KubernetesStoreRulesTest::valueOf).isEqualTo("2");
    }
  }

  @Test
  void differences_nameThePreviousEntry_onlyWhereNothingWasBetween() throws Exception {
    put("1");
    try (Watch all = store.watch(WatchRequest.fromNow(Range.all()))) {
      loseTrackAnd(() -> api.put(edit("2")));
      WatchEvent.HistoryGone gone = (WatchEvent.HistoryGone) nextChange(all);
      WatchEvent.Put put = (WatchEvent.Put) gone.differences().getFirst();

      assertThat(put.entry().value()).isEqualTo(Bytes.utf8("2"));
      assertThat(put.previous()).isEmpty();
    }
  }

  @Test
  void restoredStore_isAnotherStore() throws Exception {
    put("1");
    long id = store.id();
    try (Watch watch = store.watch(WatchRequest.fromNow(Range.all()))) {
      api.restore(new Revision(50));
      api.endWatches();

      assertThat(nextChange(watch)).isInstanceOf(WatchEvent.HistoryGone.class);
      assertThat(store.id()).isNotEqualTo(id);
      await().untilAsserted(() -> assertThat(value()).isEmpty());
    }
  }

  @Test
  void silentWatch_isBegunAgainWhenWritesDoNotSettle() {
    put("1");
    api.dropEvents(true);
    FutureTask<PutOutcome> put = start(() -> put("2"));
    await().until(() -> api.requests().size() >= 3);
    api.dropEvents(false);

    await().until(put::isDone);

    assertThat(value()).contains("2");
  }

  @Test
  void refusedWatch_isBegunAgainAfterTheTimeTheApiWants() {
    put("1");
    Duration wanted = Duration.ofMillis(500);
    api.refuseWatches(new ApiFailure.TooManyRequests(wanted, "busy"));
    long before = System.nanoTime();
    api.endWatches();
    api.put(edit("2"));

    await().untilAsserted(() -> assertThat(value()).contains("2"));

    assertThat(System.nanoTime() - before).isGreaterThan(wanted.toNanos());
  }

  @Test
  void newLists_doNotProlongATimeToLive() {
    store.close();
    LeaseSettings longLease =
        new LeaseSettings("kubekv", Duration.ofMinutes(5), Duration.ofSeconds(2), "one", false);
    store = open(clocks, longLease, Duration.ofSeconds(4));
    Duration timeToLive = Duration.ofSeconds(60);
    through().put(request("1").withTimeToLive(timeToLive));

    for (int round = 0; round < 4; round++) {
      clocks.advance(Duration.ofSeconds(40));
      Key listed = Key.of("listed" + round);
      loseTrackAnd(() -> api.put(other(listed)));
      await().until(() -> store.get(listed, Freshness.STALE).entry().isPresent());
      through().put(PutRequest.of(Key.of("looked"), Bytes.EMPTY).withTimeToLive(timeToLive));
    }

    await().untilAsserted(() -> assertThat(value()).isEmpty());
  }

  @Test
  void close_returnsWhenTheWatchHasLetGoOfTheApi() throws Exception {
    CompletableFuture<Void> later = new CompletableFuture<>();
    api.holdClosing(later);
    FutureTask<Boolean> closing =
        start(
            () -> {
              store.close();
              return true;
            });

    assertThatThrownBy(() -> closing.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);

    later.complete(null);
    assertThat(closing.get()).isTrue();
  }

  @Test
  void audit_findsAndMendsAMissedEvent() {
    put("1");
    api.dropEvents(true);
    api.put(edit("2"));
    api.dropEvents(false);
    api.put(other(Key.of("next")));

    clocks.advance(Duration.ofMinutes(6));

    await().untilAsserted(() -> assertThat(value()).contains("2"));
  }

  @Test
  void audit_findsAMissedEvent_whileOthersChangeTheApi() {
    put("1");
    api.dropEvents(true);
    api.put(edit("2"));
    api.dropEvents(false);
    api.put(other(Key.of("next")));
    api.shareWithOthers();

    clocks.advance(Duration.ofMinutes(6));

    await().untilAsserted(() -> assertThat(value()).contains("2"));
  }

  @Test
  void busyApi_isAskedAgainAfterTheTimeItWants() {
    api.next(new Fate.Refuse(new ApiFailure.TooManyRequests(Duration.ofMillis(300), "busy")));
    long before = System.nanoTime();

    put("1");

    assertThat(System.nanoTime() - before).isGreaterThan(Duration.ofMillis(300).toNanos());
  }

  @Test
  void busyApi_wantingMoreTimeThanThereIs_isOverload() {
    api.next(new Fate.Refuse(new ApiFailure.TooManyRequests(Duration.ofMinutes(1), "busy")));

    assertThatThrownBy(() -> put("1")).isInstanceOf(OverloadedException.class);
    assertThat(value()).isEmpty();
  }

  @Test
  void removingADirectory_waitsForWhatIsPutIntoIt() throws Exception {
    Key directory = Key.of("a");
    through().put(request("1").withLayout(Layout.TREE));
    through().delete(DeleteRequest.of(KEY).inTree());
    CompletableFuture<Void> later = new CompletableFuture<>();
    api.next(new Fate.HoldRequest(later));
    int before = api.requests().size();
    FutureTask<PutOutcome> put = start(() -> through().put(request("2").withLayout(Layout.TREE)));
    await().until(() -> api.requests().size() > before);
    FutureTask<DeleteOutcome> delete =
        start(() -> through().delete(DeleteRequest.of(directory).orDirectory()));

    later.complete(null);

    assertThat(put.get()).isInstanceOf(PutOutcome.Stored.class);
    assertThat(((Refused) delete.get()).reason()).isEqualTo(Refused.Reason.NOT_EMPTY);
  }

  @Test
  void restart_listsAtTheCheckpointSoThatHistoryReachesBack() throws Exception {
    Revision first = ((PutOutcome.Stored) put("1")).entry().modifyRevision();
    put("2");
    ((StubLeaseApi) leases)
        .edit(
            lease ->
                new LeaseState(
                    lease.version(),
                    lease.holder(),
                    lease.duration(),
                    lease.acquired(),
                    lease.renewed(),
                    lease.transitions(),
                    lease.labels(),
                    Map.of(Checkpoints.ANNOTATION, first.toString())));
    store.close();
    store = open(new DrivenClocks(), "one");

    try (Watch watch = store.watch(WatchRequest.from(new Range.Exact(KEY), first.next()))) {
      assertThat(nextChange(watch)).extracting(KubernetesStoreRulesTest::valueOf).isEqualTo("2");
    }
  }

  /** How the store is called. */
  KeyValueStore through() {
    return store;
  }

  /** The store itself. */
  final KubernetesStore store() {
    return store;
  }

  private KubernetesStore open(Clocks on, String owner) {
    return open(on, owner, Duration.ofSeconds(4));
  }

  private KubernetesStore open(Clocks on, String owner, Duration patience) {
    return open(on, LeaseSettings.defaults(owner), patience);
  }

  private KubernetesStore open(Clocks on, LeaseSettings lease, Duration patience) {
    KubernetesStoreConfig config =
        KubernetesStoreConfig.defaults("default", lease)
            .withPatience(patience, Duration.ofSeconds(2))
            .withWritesAtOnce();
    return KubernetesStore.open(api, leases, on, config);
  }

  /** The watch breaks, things happen, and the API forgets them. */
  private void loseTrackAnd(Runnable change) {
    api.dropEvents(true);
    change.run();
    api.compact();
    api.dropEvents(false);
    api.endWatches();
  }

  private static PutRequest request(String value) {
    return PutRequest.of(KEY, Bytes.utf8(value));
  }

  private PutOutcome put(String value) {
    return through().put(request(value));
  }

  /** The content that kubectl edit leaves: our write id is kept. */
  private ObjectSpec edit(String value) {
    StoredObject now = ((ObservedObject.Stored) api.get(NAME).orElseThrow()).object();
    ObjectSpec spec = now.spec();
    return new ObjectSpec(
        spec.type(),
        spec.key(),
        Bytes.utf8(value),
        spec.flags(),
        spec.version(),
        spec.createRevision(),
        spec.ttl(),
        spec.lock(),
        spec.cause(),
        false,
        spec.writeId());
  }

  /** A key that others make. */
  private static ObjectSpec other(Key key) {
    return ObjectSpec.first(ObjectType.VALUE, key, Bytes.EMPTY, Cause.SET, WriteId.creating("x"));
  }

  private Optional<String> value() {
    return text(store);
  }

  private static Optional<String> text(KubernetesStore of) {
    return of.get(KEY, Freshness.LINEARIZABLE).entry().map(entry -> entry.value().toText());
  }

  private static String valueOf(WatchEvent event) {
    return event instanceof WatchEvent.Put put ? put.entry().value().toText() : event.toString();
  }

  private static WatchEvent nextChange(Watch watch) throws InterruptedException {
    while (true) {
      WatchEvent event = watch.next(Duration.ofSeconds(20)).orElseThrow();
      if (!(event instanceof WatchEvent.Progress)) {
        return event;
      }
    }
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }
}
