package io.kubekv;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Sessions that pass everything on to others, as {@link DelegatingStore} does for a store. */
public abstract class DelegatingSessions implements Sessions {
  private final Sessions inner;

  protected DelegatingSessions(Sessions inner) {
    this.inner = inner;
  }

  /** The sessions that everything is passed on to. */
  protected final Sessions inner() {
    return inner;
  }

  @Override
  public CompletableFuture<Session> create(SessionSpec spec) {
    return inner.create(spec);
  }

  @Override
  public CompletableFuture<Optional<Session>> renew(SessionId id) {
    return inner.renew(id);
  }

  @Override
  public CompletableFuture<Optional<Session>> takeUp(SessionId id) {
    return inner.takeUp(id);
  }

  @Override
  public CompletableFuture<Boolean> destroy(SessionId id) {
    return inner.destroy(id);
  }

  @Override
  public CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness) {
    return inner.get(id, freshness);
  }

  @Override
  public CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness) {
    return inner.keys(id, freshness);
  }

  @Override
  public CompletableFuture<SessionListing> list(Freshness freshness) {
    return inner.list(freshness);
  }

  @Override
  public CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost) {
    return inner.awaitChange(changed, atMost);
  }
}
