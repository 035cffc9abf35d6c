package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.LockState;
import io.kubekv.Locking;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules of sessions on one active replica, each on an API that behaves as the rule expects. */
class SessionRulesTest {
  private static final Key KEY = Key.of("a/b");
  private static final Duration LEASE = Duration.ofSeconds(6);
  private static final Duration HOUR = Duration.ofHours(1);

  private final StubKubernetesApi api = new StubKubernetesApi();
  private final StubLeaseApi leases = new StubLeaseApi(new FakeClocks());
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
  void renewal_ofASessionOfThisTerm_isNoWrite() {
    SessionId id = begun(SessionSpec.random().withTimeToLive(HOUR));
    List<String> before = api.requests();

    for (int i = 0; i < 10; i++) {
      assertThat(store.sessions().renew(id)).isPresent();
    }

    assertThat(api.requests()).isEqualTo(before);
  }

  @Test
  void renewal_theFirstAfterATakeOver_isAWriteAndTheNextIsNone() {
    SessionId id = begun(SessionSpec.random().withTimeToLive(HOUR));
    Session before = session(id).orElseThrow();
    reopen();
    int requests = api.requests().size();

    Session renewed = store.sessions().renew(id).orElseThrow();
    store.sessions().renew(id);

    assertThat(api.requests()).hasSize(requests + 1);
    assertThat(renewed.modifyRevision()).isGreaterThan(before.modifyRevision());
    assertThat(renewed.createRevision()).isEqualTo(before.createRevision());
    assertThat(renewed.spec()).isEqualTo(before.spec());
  }

  @Test
  void renewal_ofASessionForEver_isNeverAWrite() {
    SessionId id = begun(SessionSpec.random());
    reopen();
    int requests = api.requests().size();

    assertThat(store.sessions().renew(id)).isPresent();

    assertThat(api.requests()).hasSize(requests);
  }

  /** A former holder's expiry is for a revision that the renewal has replaced. */
  @Test
  void lateExpiryOfAFormerHolder_afterTheRenewal_endsNothing() throws Exception {
    SessionId id = begun(SessionSpec.random().withTimeToLive(Duration.ofSeconds(1)));
    CompletableFuture<Void> later = new CompletableFuture<>();
    api.next(new StubKubernetesApi.Fate.HoldRequest(later));
    int before = api.requests().size();
    await().until(() -> api.requests().size() > before);
    leases.takenBy("other_1", Duration.ofSeconds(1));
    clocks.advance(LEASE);

    try (KubernetesStore successor = open(new DrivenClocks(), "two")) {
      await().until(() -> successor.status().ready());
      Optional<Session> renewed = successor.sessions().renew(id);
      later.complete(null);

      assertThat(renewed).isPresent();
      await().until(() -> !store.status().ready());
      assertThat(successor.sessions().renew(id)).isPresent();
    }
  }

  @Test
  void renewal_whileAnEndIsOnItsWay_waitsForIt() throws Exception {
    SessionId id = begun(SessionSpec.random().withTimeToLive(HOUR));
    CompletableFuture<Void> later = new CompletableFuture<>();
    api.next(new StubKubernetesApi.Fate.HoldRequest(later));
    int before = api.requests().size();
    FutureTask<Boolean> end = start(() -> store.sessions().destroy(id));
    await().until(() -> api.requests().size() > before);
    FutureTask<Optional<Session>> renewal = start(() -> store.sessions().renew(id));

    assertThat(renewal.isDone()).isFalse();
    later.complete(null);

    assertThat(end.get()).isTrue();
    assertThat(renewal.get()).isEmpty();
  }

  @Test
  void end_whileAnAcquisitionIsOnItsWay_waitsForItAndFreesTheKey() throws Exception {
    SessionId id = begun(SessionSpec.random());
    CompletableFuture<Void> later = new CompletableFuture<>();
    api.next(new StubKubernetesApi.Fate.HoldRequest(later));
    int before = api.requests().size();
    FutureTask<PutOutcome> acquisition = start(() -> acquire(id));
    await().until(() -> api.requests().size() > before);
    FutureTask<Boolean> end = start(() -> store.sessions().destroy(id));

    assertThat(end.isDone()).isFalse();
    later.complete(null);

    assertThat(acquisition.get()).isInstanceOf(PutOutcome.Stored.class);
    assertThat(end.get()).isTrue();
    assertThat(lock().holder()).isEmpty();
  }

  /** Consul ends a session and frees its keys at once; here the second takes other writes. */
  @Test
  void whoIsToldThatASessionIsGone_findsItsKeysFree() throws Exception {
    for (Predicate<SessionId> isGone :
        List.<Predicate<SessionId>>of(
            id -> session(id).isEmpty(),
            id -> store.sessions().renew(id).isEmpty(),
            id -> store.sessions().list(Freshness.LINEARIZABLE).sessions().isEmpty())) {
      SessionId id = begun(SessionSpec.random().withTimeToLive(HOUR));
      acquire(id);
      CompletableFuture<Void> later = new CompletableFuture<>();
      api.next(new StubKubernetesApi.Fate.HoldRequest(later));
      int before = api.requests().size();
      ended(id, Cause.EXPIRE);
      await().until(() -> api.requests().size() > before);

      FutureTask<Boolean> freeWhenGone = start(() -> isGone.test(id) && lock().holder().isEmpty());
      later.completeAsync(
          () -> null, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));

      assertThat(freeWhenGone.get()).isTrue();
    }
  }

  @Test
  void crashAfterTheEnd_isFinishedByTheNextHolder() {
    SessionId releasing = begun(SessionSpec.random());
    acquire(releasing);
    Key second = Key.of("c");
    SessionId deleting = begun(SessionSpec.random().withBehavior(SessionBehavior.DELETE));
    acquire(second, deleting);
    store.close();
    ended(releasing, Cause.DELETE);
    ended(deleting, Cause.EXPIRE);

    store = open(new DrivenClocks(), "one");

    await().until(() -> lock().holder().isEmpty());
    await().until(() -> store.get(second, Freshness.LINEARIZABLE).entry().isEmpty());
    assertThat(store.sessions().list(Freshness.LINEARIZABLE).sessions()).isEmpty();
  }

  @Test
  void takeOver_withALockDelayUnderWay_countsItAnew() {
    SessionId id = begun(SessionSpec.random().withLockDelay(Duration.ofSeconds(50)));
    acquire(id);
    store.close();
    ended(id, Cause.EXPIRE);
    DrivenClocks next = new DrivenClocks();
    store = open(next, "one");
    SessionId other = begun(SessionSpec.random());

    assertThat(acquire(other))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Refused.Reason.LOCK_DELAYED));
    await().until(() -> lock().holder().isEmpty());
    assertThat(acquire(other)).isInstanceOf(Refused.class);
  }

  @Test
  void lateAcquisitionForASessionThatIsOver_holdsNothing() {
    SessionId id = SessionId.random();
    api.put(value("late").withLock(heldBy(id)));

    await().until(() -> lock().holder().isEmpty());
    assertThat(acquire(begun(SessionSpec.random()))).isInstanceOf(PutOutcome.Stored.class);
  }

  @Test
  void sessionObjectRemovedByOthers_isItsEnd() {
    SessionId id = begun(SessionSpec.random());
    acquire(id);

    api.remove(name(id));

    await().until(() -> session(id).isEmpty());
    await().until(() -> lock().holder().isEmpty());
  }

  @Test
  void sessionObjectSpoiltByOthers_isItsEnd() {
    SessionId id = begun(SessionSpec.random());
    acquire(id);

    api.putForeign(name(id));

    await().until(() -> session(id).isEmpty());
    await().until(() -> lock().holder().isEmpty());
  }

  @Test
  void objectOfAnEndedSession_isRemovedLater() {
    SessionId id = begun(SessionSpec.random());
    acquire(id);
    store.sessions().destroy(id);
    assertThat(api.get(name(id))).isPresent();

    clocks.advance(Duration.ofMinutes(2));

    await().until(() -> api.get(name(id)).isEmpty());
    assertThat(session(id)).isEmpty();
  }

  @Test
  void sessionsSkippedByANewList_areFound() {
    SessionId ending = begun(SessionSpec.random());
    acquire(ending);
    Revision changed = store.sessions().list(Freshness.LINEARIZABLE).changed();
    api.dropEvents(true);
    ended(ending, Cause.DELETE);
    api.compact();
    api.dropEvents(false);
    api.endWatches();

    await().until(() -> session(ending).isEmpty());
    await().until(() -> lock().holder().isEmpty());
    assertThat(store.sessions().list(Freshness.LINEARIZABLE).changed()).isGreaterThan(changed);
  }

  @Test
  void keyWithTimeToLive_releasedByASessionsEnd_keepsItsTime() {
    SessionId id = begun(SessionSpec.random());
    Duration timeToLive = Duration.ofSeconds(2);
    store.put(
        PutRequest.of(KEY, Bytes.EMPTY)
            .withLocking(new Locking.Acquire(id))
            .withTimeToLive(timeToLive));
    long start = System.nanoTime();
    await().until(() -> System.nanoTime() - start > timeToLive.toNanos() / 2);

    store.sessions().destroy(id);

    await().until(() -> store.get(KEY, Freshness.LINEARIZABLE).entry().isEmpty());
    assertThat(System.nanoTime() - start).isLessThan(timeToLive.toNanos() * 3 / 2);
  }

  @Test
  void awaitChange_ofAStoreThatCloses_ends() throws Exception {
    Revision changed = store.sessions().list(Freshness.LINEARIZABLE).changed();
    FutureTask<Boolean> waiting = start(() -> store.sessions().awaitChange(changed, HOUR));

    store.close();

    assertThat(waiting.get()).isFalse();
  }

  private KubernetesStore open(Clocks on, String owner) {
    KubernetesStoreConfig config =
        KubernetesStoreConfig.defaults("default", LeaseSettings.defaults(owner))
            .withPatience(Duration.ofSeconds(10), Duration.ofSeconds(2));
    return KubernetesStore.open(api, leases, on, config);
  }

  private void reopen() {
    store.close();
    store = open(new DrivenClocks(), "two");
  }

  private SessionId begun(SessionSpec spec) {
    return store.sessions().create(spec).id();
  }

  private Optional<Session> session(SessionId id) {
    return store.sessions().get(id, Freshness.LINEARIZABLE).session();
  }

  private PutOutcome acquire(SessionId id) {
    return acquire(KEY, id);
  }

  private PutOutcome acquire(Key key, SessionId id) {
    return store.put(PutRequest.of(key, Bytes.EMPTY).withLocking(new Locking.Acquire(id)));
  }

  private LockState lock() {
    return store.get(KEY, Freshness.LINEARIZABLE).entry().orElseThrow().lock();
  }

  /** What a holder writes last before it crashes. */
  private void ended(SessionId id, Cause cause) {
    StoredObject now = ((ObservedObject.Stored) api.get(name(id)).orElseThrow()).object();
    api.put(now.updatedBy("crashed", cause, now.spec().value()));
  }

  private static LockState heldBy(SessionId id) {
    return new LockState(Optional.of(id), 1, Optional.empty(), Optional.empty());
  }

  private static ObjectSpec value(String text) {
    return ObjectSpec.first(
        ObjectType.VALUE, KEY, Bytes.utf8(text), Cause.ACQUIRE, WriteId.creating("x"));
  }

  private static String name(SessionId id) {
    return ObjectNames.of(ObjectType.SESSION, StoredObject.sessionKey(id));
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }
}
