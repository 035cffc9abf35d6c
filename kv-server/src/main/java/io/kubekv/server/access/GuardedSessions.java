package io.kubekv.server.access;

import io.kubekv.Freshness;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import java.time.Duration;
import java.util.Optional;

/** The sessions of a store, for one client. */
record GuardedSessions(Sessions sessions, Access access) implements Sessions {
  @Override
  public Session create(SessionSpec spec) {
    access.requireSessions(Verb.PUT);
    return sessions.create(spec);
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    access.requireSessions(Verb.PUT);
    return sessions.renew(id);
  }

  @Override
  public boolean destroy(SessionId id) {
    access.requireSessions(Verb.DELETE);
    return sessions.destroy(id);
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    access.requireSessions(Verb.GET);
    return sessions.get(id, freshness);
  }

  @Override
  public SessionListing list(Freshness freshness) {
    access.requireSessions(Verb.GET);
    return sessions.list(freshness);
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    access.requireSessions(Verb.GET);
    return sessions.awaitChange(changed, atMost);
  }
}
