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
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The sessions of a store, for one client. They are granted all together; what is done to one that
 * entries are attached to is done to these, and so takes a grant of each of their keys, too: to
 * read them where they are told, to put them where they live on, to delete them where they end.
 */
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
    return allowedWithKeys(Verb.PUT, id, () -> inner().renew(id));
  }

  @Override
  public CompletableFuture<Optional<Session>> takeUp(SessionId id) {
    return allowedWithKeys(Verb.PUT, id, () -> inner().takeUp(id));
  }

  @Override
  public CompletableFuture<Boolean> destroy(SessionId id) {
    return allowedWithKeys(Verb.DELETE, id, () -> inner().destroy(id));
  }

  /**
   * Makes a call once it is allowed for the sessions and for all keys that are attached to this
   * one. Whoever attaches another meanwhile may put that, and gives it to the session as it is.
   */
  private <T> CompletableFuture<T> allowedWithKeys(
      Verb verb, SessionId id, Supplier<CompletableFuture<T>> call) {
    if (access.isKnownOfSessions(verb) && access.isKnown(verb, Range.all())) {
      return call.get();
    }
    Executor threads = RequestThreads.executor();
    return CompletableFuture.supplyAsync(() -> isForAll(verb), threads)
        .thenCompose(
            all ->
                all
                    ? call.get()
                    : inner()
                        .keys(id, Freshness.LINEARIZABLE)
                        .thenAcceptAsync(
                            found -> found.keys().forEach(key -> access.require(verb, key)),
                            threads)
                        .thenCompose(done -> call.get()));
  }

  /** Whether it is allowed for any key; fails when it is not for the sessions. */
  private boolean isForAll(Verb verb) {
    access.requireSessions(verb);
    return access.allows(verb, Range.all());
  }

  @Override
  public CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness) {
    return allowed(Verb.GET, () -> inner().get(id, freshness));
  }

  @Override
  public CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness) {
    Executor threads = RequestThreads.executor();
    return CompletableFuture.runAsync(() -> access.requireSessions(Verb.GET), threads)
        .thenCompose(done -> inner().keys(id, freshness))
        .thenApplyAsync(
            found -> {
              found.keys().forEach(key -> access.require(Verb.GET, key));
              return found;
            },
            threads);
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
