package io.kubekv.zookeeper.session;

import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionSpan;
import io.kubekv.SessionSpec;
import io.kubekv.TransactionOperation;
import io.kubekv.TransactionOutcome;
import io.kubekv.TransactionRequest;
import io.kubekv.zookeeper.wire.Code;
import io.kubekv.zookeeper.wire.ZkException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Begins sessions, and finds those again whose client comes back. Thread-safe. */
public final class Sessions {
  private static final String NAME = "zookeeper session";
  private static final int PASSWORD = 16;

  private final KeyValueStore store;
  private final Duration tick;
  private final SecureRandom random = new SecureRandom();

  public Sessions(KeyValueStore store, Duration tick) {
    this.store = store;
    this.tick = tick;
  }

  /**
   * A session that a client has.
   *
   * @param number its id
   * @param revision at which its connection took it up; a later one has taken it from it
   */
  public record Held(long number, byte[] password, SessionNote note, Revision revision) {}

  /** Between two and twenty ticks. */
  public int negotiated(int asked) {
    return (int) Math.clamp(asked, 2 * tick.toMillis(), 20 * tick.toMillis());
  }

  public CompletableFuture<Held> begin(int timeout) {
    byte[] password = new byte[PASSWORD];
    random.nextBytes(password);
    long number = Math.max(1, random.nextLong() >>> 1);
    SessionNote note = SessionNote.of(timeout, password);
    SessionSpec spec =
        SessionSpec.of(SessionIds.session(number))
            .withName(NAME)
            .withTimeToLive(note.timeToLive())
            .withSpan(SessionSpan.ONCE)
            .withBehavior(SessionBehavior.DELETE)
            .withNote(note.text());
    return store
        .sessions()
        .create(spec)
        .thenApply(made -> new Held(number, password, note, made.modifyRevision()));
  }

  /**
   * The session of this id and password, taken up: what its former connection has asked for changes
   * nothing any more, at whatever replica it is. Empty when there is none.
   */
  public CompletableFuture<Optional<Held>> again(long number, byte[] password) {
    return store
        .sessions()
        .get(SessionIds.session(number), Freshness.LINEARIZABLE)
        .thenCompose(
            found ->
                found.session().flatMap(session -> note(session, password)).isPresent()
                    ? takenUp(number, password)
                    : CompletableFuture.completedFuture(Optional.empty()));
  }

  private CompletableFuture<Optional<Held>> takenUp(long number, byte[] password) {
    return store
        .sessions()
        .takeUp(SessionIds.session(number))
        .thenApply(
            taken ->
                taken.flatMap(
                    session ->
                        note(session, password)
                            .map(note -> held(number, password, note, session))));
  }

  private static Held held(long number, byte[] password, SessionNote note, Session session) {
    return new Held(number, password, note, session.modifyRevision());
  }

  private static Optional<SessionNote> note(Session session, byte[] password) {
    return SessionNote.parse(session.spec().note()).filter(note -> note.isPassword(password));
  }

  /** It lives as long from now on; empty when it is over. */
  public CompletableFuture<Optional<Session>> renew(long number) {
    return store.sessions().renew(SessionIds.session(number));
  }

  /**
   * Ends it for who has it; false when it is over already.
   *
   * @param taken when its connection took it up
   * @throws ZkException (by the future) when a later one has taken it up since
   */
  public CompletableFuture<Boolean> end(long number, Revision taken) {
    SessionId session = SessionIds.session(number);
    TransactionOperation own = new TransactionOperation.CheckSession(session, Optional.of(taken));
    TransactionRequest check =
        TransactionRequest.of(List.of(own)).withFreshness(Freshness.LINEARIZABLE);
    return store
        .transact(check)
        .thenCompose(
            outcome -> {
              if (outcome instanceof TransactionOutcome.RolledBack back
                  && back.failures().getFirst().refused().reason() == Refused.Reason.CHANGED) {
                throw new ZkException(Code.SESSION_MOVED);
              }
              return store.sessions().destroy(session);
            });
  }
}
