package io.kubekv.transport.decorator;

import io.kubekv.Await;
import io.kubekv.DelegatingSessions;
import io.kubekv.Freshness;
import io.kubekv.LimitExceededException;
import io.kubekv.Promise;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.transport.limits.Budget;
import io.kubekv.transport.limits.CreatedSessions;
import io.kubekv.transport.limits.Use;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Sessions of which the client whose request a thread answers has only so many. */
final class LimitedSessions extends DelegatingSessions {
  private final StoreBound bound;

  LimitedSessions(Sessions sessions, StoreBound bound) {
    super(sessions);
    this.bound = bound;
  }

  @Override
  public CompletableFuture<Session> create(SessionSpec spec) {
    return Promise.of(() -> admitted(spec));
  }

  private CompletableFuture<Session> admitted(SessionSpec spec) {
    Optional<CreatedSessions> own = Use.current().flatMap(Use::budget).map(Budget::sessions);
    own.ifPresent(this::requireRoom);
    charge();
    StoreBound.Share share = bound.admit(spec);
    return inner()
        .create(spec)
        .whenComplete(
            (created, failed) -> {
              share.close();
              if (failed == null) {
                own.ifPresent(of -> of.add(created.id().toString()));
              }
            });
  }

  private void requireRoom(CreatedSessions own) {
    if (!own.hasRoom(this::exists)) {
      throw new LimitExceededException(
          "number of sessions of one client", "sessions", own.most() + 1L, own.most());
    }
  }

  /** As far as this server knows, which is known at once. */
  private boolean exists(String id) {
    return SessionId.parse(id)
        .flatMap(session -> Await.read(inner().get(session, Freshness.STALE)).session())
        .isPresent();
  }

  private static void charge() {
    Use.current().flatMap(Use::budget).ifPresent(budget -> budget.changes(1, 0));
  }

  @Override
  public CompletableFuture<Optional<Session>> takeUp(SessionId id) {
    return Promise.of(
        () -> {
          charge();
          return inner().takeUp(id);
        });
  }

  @Override
  public CompletableFuture<Boolean> destroy(SessionId id) {
    charge();
    Optional<CreatedSessions> own = Use.current().flatMap(Use::budget).map(Budget::sessions);
    return inner()
        .destroy(id)
        .whenComplete(
            (destroyed, failed) -> {
              if (failed == null) {
                own.ifPresent(of -> of.remove(id.toString()));
              }
            });
  }
}
