package io.kubekv.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubekv.Attachment;
import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.ListRequest;
import io.kubekv.Precondition;
import io.kubekv.PutMode;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Refused.Reason;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Promise 9: what is attached to a session ends with it, all in one change. */
abstract class AttachedKeysContract extends SessionGroup {
  AttachedKeysContract(Function<StoreSpec, StoreHarness> opener) {
    super(opener);
  }

  private static PutRequest attaching(String key, SessionId session) {
    return value(key, "attached").withAttachment(new Attachment.To(session));
  }

  private Entry attached(String key, SessionId session) {
    return stored(attaching(key, session)).entry();
  }

  private List<String> keys(SessionId session) {
    return found(session).keys().stream().map(Key::text).toList();
  }

  private SessionKeys found(SessionId session) {
    return Await.read(sessions().keys(session, Freshness.LINEARIZABLE));
  }

  private List<String> all() {
    return ListContract.keys(store(), Range.all());
  }

  @Test
  void put_attached_entryAndSessionSayIt() throws InterruptedException {
    SessionId session = session();
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Entry entry = attached("b", session);
    attached("a", session);
    put("free", "1");

    assertThat(entry.attachedTo()).contains(session);
    assertThat(get("b")).contains(entry);
    assertThat(
            Await.read(store().list(ListRequest.of(exact("b")), Freshness.LINEARIZABLE)).entries())
        .containsExactly(entry);
    assertThat(changes.nextPut().entry()).isEqualTo(entry);
    assertThat(get("free").orElseThrow().attachedTo()).isEmpty();
    assertThat(keys(session)).containsExactly("a", "b");
    assertThat(found(session).session()).isEqualTo(session(session));
    assertThat(found(session).revision()).isEqualTo(revision());
  }

  @Test
  void keys_ofNoSession_areNone() {
    assertThat(found(SessionId.random()).session()).isEmpty();
    assertThat(keys(SessionId.random())).isEmpty();
  }

  @Test
  void put_attachedToNoSession_isRefused() {
    SessionId gone = session();
    Await.change(sessions().destroy(gone));
    put("a", "1");

    refused(attaching("a", gone), Reason.NO_SESSION);
    refused(attaching("b", SessionId.random()), Reason.NO_SESSION);

    assertThat(text("a")).contains("1");
    assertThat(get("b")).isEmpty();
  }

  @Test
  void put_withoutTheSession_detaches() {
    SessionId session = session();
    for (PutMode mode : List.of(PutMode.UPDATE, PutMode.REPLACE)) {
      attached("a", session);

      Entry entry = stored(value("a", "2").withMode(mode)).entry();

      assertThat(entry.attachedTo()).isEmpty();
      assertThat(keys(session)).isEmpty();
    }
    Await.change(sessions().destroy(session));

    assertThat(text("a")).contains("2");
  }

  @Test
  void put_keeping_leavesItAttached() {
    SessionId session = session();
    for (PutMode mode : List.of(PutMode.UPDATE, PutMode.REPLACE)) {
      attached("a", session);

      PutRequest keeping = value("a", "2").withMode(mode).withAttachment(Attachment.KEEP);

      assertThat(stored(keeping).entry().attachedTo()).contains(session);
    }
    assertThat(stored(value("new", "1").withAttachment(Attachment.KEEP)).entry().attachedTo())
        .isEmpty();
    Await.change(sessions().destroy(session));

    assertThat(all()).containsExactly("new");
  }

  @Test
  void put_attachingADirectory_isRefused() {
    SessionId session = session();
    stored(treeValue("d/below", "1"));
    PutRequest attaching =
        treeValue("d", "").withMode(PutMode.UPDATE).withAttachment(new Attachment.To(session));

    refused(attaching, Reason.IS_DIRECTORY);
    refused(attaching.withPrecondition(Precondition.PRESENT), Reason.IS_DIRECTORY);

    assertThat(keys(session)).isEmpty();
    Await.change(sessions().destroy(session));
    assertThat(all()).containsExactly("d", "d/below");
  }

  @Test
  void put_keepingWhatBecomesADirectory_isAttachedToNone() {
    SessionId session = session();
    attached("d", session);

    Entry directory = stored(directory("d").withAttachment(Attachment.KEEP)).entry();

    assertThat(directory.isDirectory()).isTrue();
    assertThat(directory.attachedTo()).isEmpty();
    assertThat(keys(session)).isEmpty();
    Await.change(sessions().destroy(session));
    assertThat(all()).containsExactly("d");
  }

  @Test
  void refresh_leavesItAttached() {
    SessionId session = session();
    stored(attaching("a", session).withTimeToLive(Duration.ofHours(1)));

    PutRequest refresh = value("a", "").withMode(PutMode.REFRESH);
    Entry entry = stored(refresh.withTimeToLive(Duration.ofHours(2))).entry();

    assertThat(entry.attachedTo()).contains(session);
    Await.change(sessions().destroy(session));
    assertThat(get("a")).isEmpty();
  }

  @Test
  void put_toAnotherSession_movesIt() {
    SessionId first = session();
    SessionId second = session();
    attached("a", first);

    assertThat(attached("a", second).attachedTo()).contains(second);

    assertThat(keys(first)).isEmpty();
    assertThat(keys(second)).containsExactly("a");
    Await.change(sessions().destroy(first));
    assertThat(get("a")).isPresent();
    Await.change(sessions().destroy(second));
    assertThat(get("a")).isEmpty();
  }

  @Test
  void deletedAndPutAgain_isNotAttached() {
    SessionId session = session();
    attached("a", session);

    deleted(removal("a"));
    assertThat(keys(session)).isEmpty();
    put("a", "2");
    Await.change(sessions().destroy(session));

    assertThat(text("a")).contains("2");
  }

  @Test
  void expired_isNotAttached() {
    SessionId session = session();
    stored(attaching("a", session).withTimeToLive(TTL));

    pass(TTL);
    eventually("a has ended", () -> get("a").isEmpty());

    assertThat(keys(session)).isEmpty();
    assertThat(session(session)).isPresent();
  }

  @Test
  void destroy_deletesAllOfThem_inTheOrderOfTheKeys_inOneChange() throws InterruptedException {
    SessionId session = session();
    SessionId other = session();
    IntStream.range(0, 40).forEach(i -> attached("k" + (10 + i * 7 % 40), session));
    attached("theirs", other);
    put("free", "1");
    Changes changes = watch(WatchRequest.fromNow(Range.all()));

    Await.change(sessions().destroy(session));

    assertThat(all()).containsExactly("free", "theirs");
    Revision end = revision();
    put("last", "");
    List<WatchEvent> events = changes.before("last");
    assertThat(events)
        .extracting(event -> ((WatchEvent.Delete) event).previous().key().text())
        .containsExactlyElementsOf(IntStream.range(10, 50).mapToObj(i -> "k" + i).toList());
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(((WatchEvent.Delete) event).cause()).isEqualTo(Cause.SESSION_END);
              assertThat(event.revision()).isEqualTo(end);
            });
    assertThat(keys(other)).containsExactly("theirs");
  }

  @Test
  void destroy_whatIsHeldIsReleased_whatIsAttachedIsDeleted() {
    SessionId session = begun(SessionSpec.random().withLockDelay(Duration.ofHours(1)));
    SessionId next = session();
    acquired("held", session);
    attached("attached", session);
    stored(acquisition("both", "1", session).withAttachment(new Attachment.To(session)));

    Await.change(sessions().destroy(session));

    assertThat(all()).containsExactly("held");
    assertThat(lock("held").holder()).isEmpty();
    acquired("attached", next);
    refused(acquisition("both", "2", next), Reason.LOCK_DELAYED);
  }

  @Test
  void attached_isNotHeld() {
    SessionId session = session();
    attached("a", session);

    assertThat(lock("a").holder()).isEmpty();
    acquired("a", session());
  }

  @Test
  void timeToLive_once_endsWithIt_andNotBefore() {
    long before = harness().clock().nanos();
    SessionId once = begun(SessionSpec.random().withTimeToLive(TTL).withSpan(SessionSpan.ONCE));
    attached("a", once);
    assertThat(session(once).orElseThrow().spec().span()).isEqualTo(SessionSpan.ONCE);

    pass(TTL.dividedBy(2));
    boolean lives = session(once).isPresent() && get("a").isPresent();
    boolean early = harness().clock().nanos() - before < TTL.toNanos();
    pass(TTL.dividedBy(2).plus(harness().clock().tolerance()));

    assertThat(lives || !early).as("it lives, or its time is over").isTrue();
    assertThat(session(once)).as("a session out of its time and the tolerance").isEmpty();
    assertThat(get("a")).isEmpty();
  }

  @Test
  void transaction_attaches() {
    SessionId session = session();
    TransactionOperation first = new TransactionOperation.Put(attaching("a", session));
    TransactionOperation late = new TransactionOperation.Put(attaching("b", SessionId.random()));

    assertThat(Await.change(store().transact(TransactionRequest.of(late))))
        .isInstanceOfSatisfying(
            TransactionOutcome.RolledBack.class,
            back ->
                assertThat(back.failures().getFirst().refused().reason())
                    .isEqualTo(Reason.NO_SESSION));
    assertThat(Await.change(store().transact(TransactionRequest.of(first))))
        .isInstanceOf(TransactionOutcome.Committed.class);

    assertThat(keys(session)).containsExactly("a");
    Await.change(sessions().destroy(session));
    assertThat(get("a")).isEmpty();
  }

  @Test
  void restart_theyStayAttached() {
    SessionId session = session();
    Entry entry = attached("a", session);
    attached("b", session);
    put("b", "detached");
    harness().restart();
    eventually("the store is ready", () -> store().status().ready());

    assertThat(get("a")).contains(entry);
    assertThat(keys(session)).containsExactly("a");
    Await.change(sessions().destroy(session));

    assertThat(all()).containsExactly("b");
  }
}
