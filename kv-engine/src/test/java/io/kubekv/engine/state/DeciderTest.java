package io.kubekv.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubekv.Attachment;
import io.kubekv.Bytes;
import io.kubekv.Cause;
import io.kubekv.Comparison;
import io.kubekv.Entry;
import io.kubekv.Key;
import io.kubekv.Layout;
import io.kubekv.LimitExceededException;
import io.kubekv.Limits;
import io.kubekv.Locking;
import io.kubekv.Precondition;
import io.kubekv.Prefix;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.StoredSize;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.WatchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the contract kit cannot see: the changes themselves, and one revision for a request. */
class DeciderTest {
  private static final Moment NOW = new Moment(Instant.EPOCH, LockDelay::whole);
  private final Decider decider = new Decider(Limits.DEFAULT);
  private State state = State.EMPTY;

  private static PutRequest put(String key, String value) {
    return PutRequest.of(Key.of(key), Bytes.utf8(value));
  }

  private <T> Decision<T> decide(Request<T> request) {
    Decision<T> decision = decider.decide(request, state, NOW);
    State before = state;
    for (Effect effect : decision.effects()) {
      assertThat(state.effect(effect.commit())).as("what the commit does").isEqualTo(effect);
      state = effect.after();
    }
    assertThat(state).as("the state that the changes lead to").isEqualTo(decision.after());
    assertThat(decision.commits().isEmpty()).isEqualTo(before.equals(state));
    return decision;
  }

  private Revision onlyRevision(Decision<?> decision) {
    assertThat(decision.commits()).hasSize(1);
    return decision.commits().getFirst().revision();
  }

  @Test
  void transaction_hasOneRevisionAndNumberedChanges() {
    Decision<TransactionOutcome> decision =
        decide(
            new Request.Transact(
                TransactionRequest.of(
                    new TransactionOperation.Put(put("a", "1")),
                    new TransactionOperation.Put(put("b", "1")),
                    new TransactionOperation.Put(put("a", "2")))));

    assertThat(onlyRevision(decision)).isEqualTo(new Revision(1));
    assertThat(decision.commits().getFirst().changes()).hasSize(3);
    assertThat(state.get(Key.of("a")).map(Entry::version)).contains(2L);
    assertThat(state.revision()).isEqualTo(new Revision(1));
  }

  @Test
  void transaction_eventsHaveThePreviousEntriesWithinIt() {
    Decision<TransactionOutcome> decision =
        decider.decide(
            new Request.Transact(
                TransactionRequest.of(
                    new TransactionOperation.Put(put("a", "1")),
                    new TransactionOperation.Put(put("a", "2")))),
            state,
            NOW);

    List<WatchEvent> events = decision.effects().getFirst().events();

    assertThat(events).hasSize(2);
    WatchEvent.Put first = (WatchEvent.Put) events.get(0);
    assertThat(first.previous()).isEmpty();
    assertThat(((WatchEvent.Put) events.get(1)).previous()).contains(first.entry());
  }

  @Test
  void transaction_refused_changesNothing() {
    Decision<TransactionOutcome> decision =
        decide(
            new Request.Transact(
                TransactionRequest.of(
                    new TransactionOperation.Put(put("a", "1")),
                    new TransactionOperation.Check(Key.of("b"), Precondition.PRESENT))));

    assertThat(decision.outcome()).isInstanceOf(TransactionOutcome.RolledBack.class);
    assertThat(decision.commits()).isEmpty();
    assertThat(state).isEqualTo(State.EMPTY);
  }

  private static final int MOST = Limits.MAX_COMPARED;

  private void fill(int entries) {
    for (int i = 0; i < entries; i++) {
      state = decider.decide(new Request.Put(put("k%05d".formatted(i), "1")), state, NOW).after();
    }
  }

  private static Request.Transact chosen(Comparison... comparisons) {
    return new Request.Transact(
        TransactionRequest.of(
            new TransactionOperation.Choice(
                List.of(comparisons),
                List.of(new TransactionOperation.Put(put("then", "1"))),
                List.of(new TransactionOperation.Put(put("else", "1"))))));
  }

  private static Comparison versions(String prefix, Comparison.Relation relation) {
    return new Comparison(
        new Range.WithPrefix(new Prefix(prefix)), new Comparison.Version(1), relation);
  }

  private void assertComparesTooMuch(Request.Transact request) {
    assertThatThrownBy(() -> decider.decide(request, state, NOW))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("entries that a transaction compares");
    assertThatThrownBy(() -> decider.read(request.request(), state))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void comparisons_thatLookAtTooManyEntriesTogether_areRefused() {
    fill(MOST);
    Comparison all = versions("k", Comparison.Relation.EQUAL);
    Comparison one =
        Comparison.of(Key.of("k00000"), new Comparison.Version(1), Comparison.Relation.EQUAL);

    assertComparesTooMuch(chosen(all, one));
    assertComparesTooMuch(chosen(one, all));

    decide(chosen(all));
    assertThat(state.get(Key.of("then"))).isPresent();
    assertComparesTooMuch(chosen(versions("", Comparison.Relation.EQUAL)));
  }

  @Test
  void comparison_thatDoesNotHold_looksNoFurther() {
    fill(MOST + 1);

    decide(chosen(versions("", Comparison.Relation.GREATER)));

    assertThat(state.get(Key.of("else"))).isPresent();
  }

  @Test
  void comparison_ofATree_looksAtItsTopAndBelow() {
    decide(new Request.Put(put("a/b", "1").withLayout(Layout.TREE)));
    decide(new Request.Put(put("ab", "1")));
    decide(new Request.Put(put("ab", "2")));
    Comparison.Version first = new Comparison.Version(1);
    Range tree = new Range.Tree(Key.of("a"));

    decide(chosen(new Comparison(tree, first, Comparison.Relation.EQUAL)));

    assertThat(state.get(Key.of("then"))).isPresent();
  }

  @Test
  void transaction_bytes_areThoseOfItsPutsAndComparisons() {
    Comparison value =
        Comparison.of(
            Key.of("a"), new Comparison.Value(Bytes.utf8("1234")), Comparison.Relation.EQUAL);

    assertThat(chosen(value).bytes()).isEqualTo(6);
  }

  @Test
  void madeParents_haveTheRevisionOfTheirPut() {
    Decision<PutOutcome> decision =
        decide(new Request.Put(put("a/b/c", "1").withLayout(Layout.TREE)));

    assertThat(onlyRevision(decision)).isEqualTo(new Revision(1));
    assertThat(state.get(Key.of("a")).map(Entry::createRevision)).contains(new Revision(1));
    assertThat(((PutOutcome.Stored) decision.outcome()).revision()).isEqualTo(new Revision(1));
  }

  @Test
  void prefixDelete_hasOneRevision() {
    decide(new Request.Put(put("a1", "1")));
    decide(new Request.Put(put("a2", "1")));

    var decision = decide(new Request.DeleteRange(new Range.WithPrefix(new Prefix("a"))));

    assertThat(onlyRevision(decision)).isEqualTo(new Revision(3));
    assertThat(decision.outcome().count()).isEqualTo(2);
    assertThat(state.contents().size()).isZero();
  }

  @Test
  void sessionEnd_releasesAndDelaysInOneRevision() {
    SessionId id = SessionId.random();
    decide(new Request.BeginSession(SessionSpec.of(id).withLockDelay(Duration.ofSeconds(15))));
    decide(new Request.Put(put("a", "1").withLocking(new Locking.Acquire(id))));
    decide(new Request.Put(put("b", "1").withLocking(new Locking.Acquire(id))));

    Decision<Boolean> end = decide(new Request.EndSession(id));

    assertThat(onlyRevision(end)).isEqualTo(new Revision(4));
    assertThat(state.get(Key.of("a")).orElseThrow().lock().holder()).isEmpty();
    assertThat(state.locks().delay(Key.of("b")).map(LockDelay::since)).contains(new Revision(4));
    assertThat(state.locks().heldBy(id)).isEmpty();
  }

  private PutRequest attached(String key, SessionId id) {
    return put(key, "1").withAttachment(new Attachment.To(id));
  }

  @Test
  void sessionEnd_deletesWhatIsAttachedInOneRevision() {
    SessionId id = SessionId.random();
    decide(new Request.Found(1));
    decide(new Request.BeginSession(SessionSpec.of(id)));
    decide(new Request.Put(attached("b", id)));
    decide(new Request.Put(attached("a", id)));

    Decision<Boolean> end = decide(new Request.EndSession(id));

    assertThat(onlyRevision(end)).isEqualTo(new Revision(5));
    assertThat(end.commits().getFirst().changes())
        .containsExactly(
            new Change.SessionEnded(id),
            new Change.Delete(Key.of("a"), List.of(), Cause.SESSION_END),
            new Change.Delete(Key.of("b"), List.of(), Cause.SESSION_END));
    assertThat(state.locks().attachedTo(id)).isEmpty();
    assertThat(state.contents().size()).isZero();
  }

  @Test
  void attachedKeys_thatAreTooLargeTogether_areRefused() {
    SessionId id = SessionId.random();
    decide(new Request.Found(1));
    SessionId other = SessionId.random();
    decide(new Request.BeginSession(SessionSpec.of(id)));
    decide(new Request.BeginSession(SessionSpec.of(other)));
    String large = "k".repeat(Limits.DEFAULT.maxKeyBytes() - 4);
    long most = Limits.MAX_ATTACHED_BYTES / StoredSize.ofAttached(Key.of(large + "0000"));
    for (int i = 0; i < most; i++) {
      state =
          decider
              .decide(new Request.Put(attached(large + "%04d".formatted(i), id)), state, NOW)
              .after();
    }
    Request.Put more = new Request.Put(attached(large + "more", id));

    assertThatThrownBy(() -> decider.decide(more, state, NOW))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("keys of a session");

    decide(new Request.Put(attached(large + "more", other)));
    decide(new Request.Put(attached(large + "0000", id)));
    decide(new Request.Put(put(large + "0000", "detached")));
    decide(more);
  }

  @Test
  void endOfADelay_ofALaterOne_changesNothing() {
    SessionId id = SessionId.random();
    decide(new Request.BeginSession(SessionSpec.of(id).withLockDelay(Duration.ofSeconds(15))));
    decide(new Request.Put(put("a", "1").withLocking(new Locking.Acquire(id))));
    decide(new Request.EndSession(id));
    LockDelay now = state.locks().delay(Key.of("a")).orElseThrow();

    assertThat(decide(new Request.EndDelay(new LockDelay(now.key(), now.whole(), Revision.ZERO))))
        .extracting(Decision::outcome)
        .isEqualTo(false);
    assertThat(decide(new Request.EndDelay(now)).outcome()).isTrue();
    assertThat(state.locks().delays()).isEmpty();
    assertThat(state.revision()).as("nobody sees it").isEqualTo(new Revision(3));
  }

  @Test
  void expiry_ofAnEntryThatWasPutSince_changesNothing() {
    decide(new Request.Put(put("a", "1").withTimeToLive(Duration.ofSeconds(1))));
    Revision base = state.revision();
    decide(new Request.Put(put("a", "2").withTimeToLive(Duration.ofSeconds(1))));

    assertThat(decide(new Request.ExpireEntry(Key.of("a"), base)).outcome()).isFalse();
    Decision<Boolean> expiry = decide(new Request.ExpireEntry(Key.of("a"), state.revision()));
    assertThat(expiry.commits().getFirst().changes())
        .containsExactly(new Change.Delete(Key.of("a"), List.of(), Cause.EXPIRE));
  }

  @Test
  void decide_sameArguments_sameDecision() {
    decide(new Request.Put(put("a", "1")));
    Request<PutOutcome> request = new Request.Put(put("a", "2"));

    assertThat(decider.decide(request, state, NOW)).isEqualTo(decider.decide(request, state, NOW));
  }

  @Test
  void digest_isThatOfTheContentsAndNotOfTheWay() {
    decide(new Request.Put(put("a", "1")));
    long one = state.digest();
    decide(new Request.Put(put("b", "1")));
    assertThat(state.digest()).isNotEqualTo(one);
    decide(new Request.DeleteRange(new Range.Exact(Key.of("b"))));

    assertThat(state.digest()).isEqualTo(one);
  }

  @Test
  void digest_saysWhatIsAttachedToWhom() {
    List<SessionId> ids = List.of(SessionId.random(), SessionId.random());
    decide(new Request.Found(1));
    ids.forEach(id -> decide(new Request.BeginSession(SessionSpec.of(id))));
    List<PutRequest> puts =
        List.of(put("a", "1"), attached("a", ids.get(0)), attached("a", ids.get(1)));

    assertThat(puts)
        .extracting(put -> decider.decide(new Request.Put(put), state, NOW).after().digest())
        .doesNotHaveDuplicates();
  }

  @Test
  void behind_theLastCodePoints_isTheNextThatThereIs() {
    assertThat(new Prefix("a/").behind()).contains(Key.of("a0"));
    assertThat(new Prefix("a\uD7FF").behind()).contains(Key.of("a\uE000"));
    assertThat(new Prefix("a\uDBFF\uDFFF").behind()).contains(Key.of("b"));
    assertThat(new Prefix("\uDBFF\uDFFF").behind()).isEqualTo(Optional.empty());
  }
}
