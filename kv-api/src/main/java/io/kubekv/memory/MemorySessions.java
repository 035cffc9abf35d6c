package io.kubekv.memory;

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

/** The sessions of a store in memory, under its lock. */
final class MemorySessions implements Sessions {
  private final InMemoryStore store;
  private final Ledger ledger;

  MemorySessions(InMemoryStore store, Ledger ledger) {
    this.store = store;
    this.ledger = ledger;
  }

  @Override
  public Session create(SessionSpec spec) {
    store.limits().check(spec);
    return store.change(() -> ledger.create(spec, store.now()));
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    return store.change(() -> ledger.sessions().renew(id, store.now()));
  }

  @Override
  public boolean destroy(SessionId id) {
    return store.change(() -> ledger.end(id, store.now()));
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    return store.read(
        freshness, () -> new SessionLookup(ledger.sessions().get(id), ledger.sessions().changed()));
  }

  @Override
  public SessionListing list(Freshness freshness) {
    return store.read(
        freshness, () -> new SessionListing(ledger.sessions().list(), ledger.sessions().changed()));
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    return store.await(() -> ledger.sessions().changed().isAfter(changed), atMost);
  }
}
