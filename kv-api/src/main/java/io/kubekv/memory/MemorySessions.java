package io.kubekv.memory;

import io.kubekv.Freshness;
import io.kubekv.Limits;
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
  private final Monitor monitor;
  private final Ledger ledger;
  private final Limits limits;

  MemorySessions(Monitor monitor, Ledger ledger, Limits limits) {
    this.monitor = monitor;
    this.ledger = ledger;
    this.limits = limits;
  }

  @Override
  public Session create(SessionSpec spec) {
    limits.check(spec);
    return monitor.change(() -> ledger.create(spec, monitor.now()));
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    return monitor.change(() -> ledger.sessions().renew(id, monitor.now()));
  }

  @Override
  public boolean destroy(SessionId id) {
    return monitor.change(() -> ledger.end(id, monitor.now()));
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    return monitor.read(
        freshness, () -> new SessionLookup(ledger.sessions().get(id), ledger.sessions().changed()));
  }

  @Override
  public SessionListing list(Freshness freshness) {
    return monitor.read(
        freshness, () -> new SessionListing(ledger.sessions().list(), ledger.sessions().changed()));
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    return monitor.await(() -> ledger.sessions().changed().isAfter(changed), atMost);
  }
}
