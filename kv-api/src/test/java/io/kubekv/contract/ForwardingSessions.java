package io.kubekv.contract;

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

/** Passes every call on. */
public class ForwardingSessions implements Sessions {
  private final Sessions inner;

  protected ForwardingSessions(Sessions inner) {
    this.inner = inner;
  }

  @Override
  public Session create(SessionSpec spec) {
    return inner.create(spec);
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    return inner.renew(id);
  }

  @Override
  public boolean destroy(SessionId id) {
    return inner.destroy(id);
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    return inner.get(id, freshness);
  }

  @Override
  public SessionListing list(Freshness freshness) {
    return inner.list(freshness);
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    return inner.awaitChange(changed, atMost);
  }
}
