package io.kubekv.server.decorator;

import io.kubekv.Freshness;
import io.kubekv.LimitExceededException;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.server.limits.Budget;
import io.kubekv.server.limits.CreatedSessions;
import io.kubekv.server.limits.Use;
import java.time.Duration;
import java.util.Optional;

/** Sessions of which the client whose request a thread answers has only so many. */
record LimitedSessions(Sessions sessions, StoreBound bound) implements Sessions {
  @Override
  public Session create(SessionSpec spec) {
    Optional<CreatedSessions> own = Use.current().flatMap(Use::budget).map(Budget::sessions);
    own.ifPresent(this::requireRoom);
    charge();
    try (StoreBound.Share share = bound.admit(spec)) {
      Session created = sessions.create(spec);
      own.ifPresent(of -> of.add(created.id().toString()));
      return created;
    }
  }

  private void requireRoom(CreatedSessions own) {
    if (!own.hasRoom(this::exists)) {
      throw new LimitExceededException(
          "number of sessions of one client", "sessions", own.most() + 1L, own.most());
    }
  }

  private boolean exists(String id) {
    return SessionId.parse(id)
        .flatMap(session -> sessions.get(session, Freshness.STALE).session())
        .isPresent();
  }

  private static void charge() {
    Use.current().flatMap(Use::budget).ifPresent(budget -> budget.changes(1, 0));
  }

  @Override
  public boolean destroy(SessionId id) {
    charge();
    boolean destroyed = sessions.destroy(id);
    Use.current().flatMap(Use::budget).ifPresent(own -> own.sessions().remove(id.toString()));
    return destroyed;
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    return sessions.renew(id);
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    return sessions.get(id, freshness);
  }

  @Override
  public SessionListing list(Freshness freshness) {
    return sessions.list(freshness);
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    return sessions.awaitChange(changed, atMost);
  }
}
