package io.kubekv.k8s;

import io.kubekv.Cause;
import io.kubekv.Freshness;
import io.kubekv.Limits;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.UnavailableException;
import java.time.Duration;
import java.util.Optional;

/**
 * Sessions as objects of type Session: one write begins one, one ends it. Renewals are kept in
 * memory, but the first after this process became active is a write, so that what a former holder
 * may still send to end the session is for a revision that is no more.
 *
 * <p>Who ends a session has it alone; who renews it or acquires a key for it has it together with
 * others ({@link PathOrder}).
 */
final class KubernetesSessions implements Sessions {
  private final SessionTable table;
  private final Writes writes;
  private final Reads reads;
  private final Holder holder;
  private final SessionTimers timers;
  private final SessionEnds ends;
  private final PathOrder order;
  private final Limits limits;
  private final Duration patience;

  KubernetesSessions(
      SessionTable table,
      Writes writes,
      Reads reads,
      Holder holder,
      SessionTimers timers,
      SessionEnds ends,
      PathOrder order,
      KubernetesStoreConfig config) {
    this.table = table;
    this.writes = writes;
    this.reads = reads;
    this.holder = holder;
    this.timers = timers;
    this.ends = ends;
    this.order = order;
    this.limits = config.limits();
    this.patience = config.patience();
  }

  @Override
  public Session create(SessionSpec spec) {
    limits.check(spec);
    Deadline deadline = Deadline.in(patience);
    try (PathOrder.Turn turn = order.flat(StoredObject.sessionKey(spec.id()), deadline)) {
      while (true) {
        Term term = holder.awaitActive(deadline);
        Optional<StoredObject> living = table.living(spec.id());
        if (living.isPresent()) {
          holder.requireValid(term);
          return living.get().toSession();
        }
        requireFinished(spec.id());
        limits.checkRoomForSessionAfter(table.livingCount());
        Optional<StoredObject> begun = writes.beginSession(spec, deadline);
        if (begun.isPresent()) {
          timers.confirmed(begun.get(), term);
          return begun.get().toSession();
        }
        requireTime(spec.id(), deadline);
      }
    }
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    Deadline deadline = Deadline.in(patience);
    try (PathOrder.Turn turn = order.together(StoredObject.sessionKey(id), deadline)) {
      Term term = holder.awaitActive(deadline);
      Optional<StoredObject> living = table.living(id);
      if (living.isPresent() && timers.isConfirmed(living.get(), term)) {
        timers.renewed(living.get());
        holder.requireValid(term);
        return living.map(StoredObject::toSession);
      }
    }
    Optional<Session> renewed = renewByWrite(id, deadline);
    if (renewed.isEmpty()) {
      finish(id, deadline);
    }
    return renewed;
  }

  private Optional<Session> renewByWrite(SessionId id, Deadline deadline) {
    try (PathOrder.Turn turn = order.flat(StoredObject.sessionKey(id), deadline)) {
      while (true) {
        Term term = holder.awaitActive(deadline);
        Optional<StoredObject> living = table.living(id);
        if (living.isEmpty()) {
          holder.requireValid(term);
          return Optional.empty();
        }
        Optional<StoredObject> renewed = writes.touch(living.get(), Cause.UPDATE, deadline);
        if (renewed.isPresent()) {
          timers.confirmed(renewed.get(), term);
          return renewed.map(StoredObject::toSession);
        }
        requireTime(id, deadline);
      }
    }
  }

  @Override
  public boolean destroy(SessionId id) {
    Deadline deadline = Deadline.in(patience);
    try (PathOrder.Turn turn = order.flat(StoredObject.sessionKey(id), deadline)) {
      boolean ended = false;
      while (!ended) {
        Term term = holder.awaitActive(deadline);
        Optional<StoredObject> living = table.living(id);
        if (living.isEmpty()) {
          holder.requireValid(term);
          return false;
        }
        ended = writes.touch(living.get(), Cause.DELETE, deadline).isPresent();
        if (!ended) {
          requireTime(id, deadline);
        }
      }
    }
    finish(id, deadline);
    return true;
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    SessionLookup found =
        reads.read(
            freshness,
            now ->
                new SessionLookup(
                    table.living(id).map(StoredObject::toSession), table.changed().now()));
    if (found.session().isEmpty() && freshness.equals(Freshness.LINEARIZABLE)) {
      finish(id, Deadline.in(patience));
    }
    return found;
  }

  @Override
  public SessionListing list(Freshness freshness) {
    SessionListing all =
        reads.read(freshness, now -> new SessionListing(table.list(), table.changed().now()));
    if (freshness.equals(Freshness.LINEARIZABLE)) {
      Deadline deadline = Deadline.in(patience);
      table.overAndNamed().forEach(id -> finish(id, deadline));
    }
    return all;
  }

  /** Who is told that a session is gone shall find free what it held, as in Consul. */
  private void finish(SessionId id, Deadline deadline) {
    if (!table.heldBy(id).isEmpty()) {
      ends.finishNow(id, deadline);
    }
  }

  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    return table.changed().await(changed.next(), nanos(atMost));
  }

  private static long nanos(Duration atMost) {
    return atMost.compareTo(Duration.ofDays(36_500)) < 0 ? atMost.toNanos() : Long.MAX_VALUE;
  }

  private void requireFinished(SessionId id) {
    if (!table.heldBy(id).isEmpty()) {
      throw new UnavailableException(
          "a session " + id + " has ended, and not all that it held is released yet");
    }
  }

  private static void requireTime(SessionId id, Deadline deadline) {
    if (deadline.passed()) {
      throw new UnavailableException(
          "others change session " + id + " faster than it can be written; nothing was applied");
    }
  }
}
