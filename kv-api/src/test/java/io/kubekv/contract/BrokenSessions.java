package io.kubekv.contract;

import io.kubekv.Await;
import io.kubekv.DelegatingSessions;
import io.kubekv.DelegatingStore;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.LockState;
import io.kubekv.Locking;
import io.kubekv.Lookup;
import io.kubekv.PutOutcome;
import io.kubekv.PutRequest;
import io.kubekv.Refused;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionBehavior;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Stores whose sessions, locks or fences are wrong: promise 9. */
final class BrokenSessions {
  private BrokenSessions() {}

  /** Has other sessions than the store inside. */
  private static class Other extends DelegatingStore {
    private final Sessions sessions;

    Other(KeyValueStore inner, Function<Sessions, Sessions> sessions) {
      super(inner);
      this.sessions = sessions.apply(inner.sessions());
    }

    @Override
    public Sessions sessions() {
      return sessions;
    }
  }

  /** Asks the store inside for other sessions than it says. */
  private static final class Lying extends DelegatingSessions {
    private final UnaryOperator<SessionSpec> lie;
    private final Map<SessionId, SessionSpec> asked = new ConcurrentHashMap<>();

    Lying(Sessions inner, UnaryOperator<SessionSpec> lie) {
      super(inner);
      this.lie = lie;
    }

    @Override
    public CompletableFuture<Session> create(SessionSpec spec) {
      return Answered.by(
          () -> {
            asked.putIfAbsent(spec.id(), spec);
            return said(Await.change(super.create(lie.apply(spec))));
          });
    }

    @Override
    public CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness) {
      return Answered.by(
          () -> {
            SessionLookup found = Await.read(super.get(id, freshness));
            return new SessionLookup(found.session().map(this::said), found.changed());
          });
    }

    @Override
    public CompletableFuture<SessionListing> list(Freshness freshness) {
      return Answered.by(
          () -> {
            SessionListing all = Await.read(super.list(freshness));
            return new SessionListing(
                all.sessions().stream().map(this::said).toList(), all.changed());
          });
    }

    private Session said(Session session) {
      SessionSpec spec = asked.getOrDefault(session.id(), session.spec());
      return new Session(spec, session.createRevision(), session.modifyRevision());
    }
  }

  static KeyValueStore endsAtTheTimeToLive(KeyValueStore inner) {
    return new Other(
        inner,
        sessions ->
            new Lying(
                sessions,
                spec ->
                    spec.timeToLive()
                        .map(length -> spec.withTimeToLive(length.dividedBy(2)))
                        .orElse(spec)));
  }

  static KeyValueStore deletesNothing(KeyValueStore inner) {
    return new Other(
        inner, sessions -> new Lying(sessions, spec -> spec.withBehavior(SessionBehavior.RELEASE)));
  }

  static KeyValueStore delaysNothing(KeyValueStore inner) {
    return new Other(
        inner, sessions -> new Lying(sessions, spec -> spec.withLockDelay(Duration.ZERO)));
  }

  static KeyValueStore revivesWhatHasEnded(KeyValueStore inner) {
    return new Other(
        inner,
        sessions ->
            new DelegatingSessions(sessions) {
              @Override
              public CompletableFuture<Optional<Session>> renew(SessionId id) {
                return Answered.by(
                    () -> {
                      return Optional.of(Await.change(super.create(SessionSpec.of(id))));
                    });
              }
            });
  }

  static KeyValueStore endsNothing(KeyValueStore inner) {
    return new Other(
        inner,
        sessions ->
            new DelegatingSessions(sessions) {
              @Override
              public CompletableFuture<Boolean> destroy(SessionId id) {
                return Answered.by(
                    () -> {
                      return Await.change(super.renew(id)).isPresent();
                    });
              }
            });
  }

  static KeyValueStore tellsNobody(KeyValueStore inner) {
    return new Other(
        inner,
        sessions ->
            new DelegatingSessions(sessions) {
              @Override
              public CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost) {
                return atMost.compareTo(FuturesContract.LONG) < 0
                    ? CompletableFuture.completedFuture(false)
                    : super.awaitChange(changed, atMost);
              }
            });
  }

  static final class TakesHeldKeys extends DelegatingStore {
    TakesHeldKeys(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            return outcome instanceof Refused refused
                    && refused.reason() == Refused.Reason.HELD
                    && request.locking() instanceof Locking.Acquire acquire
                ? Await.change(super.put(request.withLocking(taking(refused, acquire.session()))))
                : outcome;
          });
    }

    private static Locking taking(Refused held, SessionId next) {
      return new Locking.HandOver(
          held.entry().flatMap(entry -> entry.lock().holder()).orElseThrow(), next);
    }
  }

  static final class KeepsDelaysSecret extends DelegatingStore {
    KeepsDelaysSecret(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            return outcome instanceof Refused refused
                ? new Refused(refused.reason(), refused.entry(), refused.revision())
                : outcome;
          });
    }
  }

  static final class RepeatsTokens extends DelegatingStore {
    RepeatsTokens(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<Lookup> get(Key key, Freshness freshness) {
      return super.get(key, freshness)
          .thenApply(
              found -> new Lookup(found.entry().map(RepeatsTokens::wrong), found.revision()));
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            return outcome instanceof PutOutcome.Stored stored
                ? new PutOutcome.Stored(wrong(stored.entry()), stored.previous())
                : outcome;
          });
    }

    private static Entry wrong(Entry entry) {
      LockState lock = entry.lock();
      return new Entry(
          entry.key(),
          entry.kind(),
          entry.value(),
          entry.flags(),
          entry.createRevision(),
          entry.modifyRevision(),
          entry.version(),
          entry.expiry(),
          new LockState(
              lock.holder(),
              lock.lockIndex(),
              lock.acquireRevision().map(token -> entry.createRevision()),
              lock.fence()),
          entry.attachedTo(),
          entry.metadata(),
          entry.times());
    }
  }

  static final class IgnoresFences extends DelegatingStore {
    IgnoresFences(KeyValueStore inner) {
      super(inner);
    }

    @Override
    public CompletableFuture<PutOutcome> put(PutRequest request) {
      return Answered.by(
          () -> {
            PutOutcome outcome = Await.change(super.put(request));
            return outcome instanceof Refused refused && refused.reason() == Refused.Reason.FENCED
                ? Await.change(super.put(request.withFence(new Revision(-1))))
                : outcome;
          });
    }
  }
}
