package io.kubekv.etcd;

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
import java.util.List;
import java.util.Optional;

/** Sessions as keys attached to leases; a renewal keeps the lease alive and writes nothing. */
final class EtcdSessions implements Sessions {
  private final Limits limits;
  private final Duration patience;
  private final EtcdKeys keys;
  private final Index index;
  private final Reads reads;
  private final Writes writes;
  private final Leases leases;
  private final Health health;
  private final SessionEnds ends;

  EtcdSessions(
      EtcdStoreConfig config,
      EtcdKeys keys,
      Index index,
      Reads reads,
      Writes writes,
      Leases leases,
      Health health,
      SessionEnds ends) {
    this.limits = config.limits();
    this.patience = config.patience();
    this.keys = keys;
    this.index = index;
    this.reads = reads;
    this.writes = writes;
    this.leases = leases;
    this.health = health;
    this.ends = ends;
  }

  @Override
  public Session create(SessionSpec spec) {
    limits.check(spec);
    return writes.run(new SessionBegin(spec, limits, index, keys), deadline());
  }

  /** First the lease, then the look: a session that is there after it was renewed by it. */
  @Override
  public Optional<Session> renew(SessionId id) {
    Deadline deadline = deadline();
    health.awaitReady(deadline);
    Optional<SessionRecord> known = index.session(id);
    if (known.isEmpty()) {
      Optional<Session> unseen = reads.session(id, deadline);
      if (unseen.isPresent()) {
        awaitInIndex(id, deadline);
        known = index.session(id);
      }
    }
    known
        .map(SessionRecord::lease)
        .filter(lease -> lease != 0)
        .ifPresent(lease -> keep(lease, deadline));
    Optional<Session> living = reads.session(id, deadline);
    if (living.isEmpty()) {
      ends.beforeTelling(id);
    }
    return living;
  }

  private void keep(long lease, Deadline deadline) {
    health.asking(deadline, within -> leases.keepAlive(lease, within));
  }

  private void awaitInIndex(SessionId id, Deadline deadline) {
    try {
      index.await(() -> index.state().session(id).isPresent(), deadline);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean destroy(SessionId id) {
    Optional<SessionRecord> ended = writes.run(new SessionDestroy(id, keys), deadline());
    ended.map(SessionRecord::lease).filter(lease -> lease != 0).ifPresent(leases::release);
    ends.beforeTelling(id);
    return ended.isPresent();
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    if (index.suits(freshness)) {
      return index.sessionLookup(id);
    }
    Optional<Session> session = reads.session(id, deadline());
    if (session.isEmpty()) {
      ends.beforeTelling(id);
    }
    return new SessionLookup(session, changed(session.stream().toList()));
  }

  @Override
  public SessionListing list(Freshness freshness) {
    if (index.suits(freshness)) {
      return index.sessionListing();
    }
    List<Session> before = index.sessionListing().sessions();
    List<Session> sessions = reads.sessions(deadline());
    for (Session known : before) {
      if (sessions.stream().noneMatch(session -> session.id().equals(known.id()))) {
        ends.beforeTelling(known.id());
      }
    }
    return new SessionListing(sessions, changed(sessions));
  }

  /** The watch may be behind what was read. */
  private Revision changed(List<Session> sessions) {
    return sessions.stream()
        .map(Session::createRevision)
        .reduce(index.sessionListing().changed(), Revision::max);
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    Duration longest = Duration.ofDays(36_500);
    Duration within = atMost.compareTo(longest) < 0 ? atMost : longest;
    return index.awaitSessionChange(changed, Deadline.in(within));
  }

  private Deadline deadline() {
    return Deadline.in(patience);
  }
}
