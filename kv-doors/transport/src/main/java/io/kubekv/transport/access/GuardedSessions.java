package io.kubekv.transport.access;

import io.kubekv.DelegatingSessions;
import io.kubekv.Freshness;
import io.kubekv.Range;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import io.kubekv.transport.threads.RequestThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The sessions of a store, for one client. */
final class GuardedSessions extends DelegatingSessions {
  private final Access access;

  GuardedSessions(Sessions sessions, Access access) {
    super(sessions);
    this.access = access;
  }

  /** Makes a call once it is allowed; what is not known to be is asked on a thread. */
  private <T> CompletableFuture<T> allowed(Verb verb, Supplier<CompletableFuture<T>> call) {
    return access.isKnownOfSessions(verb)
        ? call.get()
        : RequestThreads.after(() -> access.requireSessions(verb), call);
  }

  @Override
  public CompletableFuture<Session> create(SessionSpec spec) {
    return allowed(Verb.PUT, () -> inner().create(spec));
  }

  @Override
  public CompletableFuture<Optional<Session>> renew(SessionId id) {
    return allowed(Verb.PUT, () -> inner().renew(id));
  }

  @Override
  public CompletableFuture<Boolean> destroy(SessionId id) {
    return allowed(Verb.DELETE, () -> inner().destroy(id));
  }

  @Override
  public CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness) {
    return allowed(Verb.GET, () -> inner().get(id, freshness));
  }

  /** The keys may be anywhere, so it takes a grant to read all. */
  @Override
  public CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness) {
    return RequestThreads.after(
        () -> {
          access.requireSessions(Verb.GET);
          access.require(Verb.GET, Range.all());
        },
        () -> inner().keys(id, freshness));
  }

  @Override
  public CompletableFuture<SessionListing> list(Freshness freshness) {
    return allowed(Verb.GET, () -> inner().list(freshness));
  }

  @Override
  public CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost) {
    return allowed(Verb.GET, () -> inner().awaitChange(changed, atMost));
  }
}
