package io.kubekv.replica;

import io.kubekv.DelegatingSessions;
import io.kubekv.Freshness;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionKeys;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Sessions, which live at the holder of the lease: everything but a stale read is asked there. */
final class ForwardingSessions extends DelegatingSessions {
  private final Forwarding forwarding;

  /**
   * @param own this process's own
   */
  ForwardingSessions(Sessions own, Forwarding forwarding) {
    super(own);
    this.forwarding = forwarding;
  }

  @Override
  public CompletableFuture<Session> create(SessionSpec spec) {
    return forwarding.change(
        at -> at.sessions().create(spec), session -> Optional.of(session.modifyRevision()));
  }

  @Override
  public CompletableFuture<Optional<Session>> renew(SessionId id) {
    return forwarding.change(
        at -> at.sessions().renew(id), renewed -> renewed.map(Session::modifyRevision));
  }

  @Override
  public CompletableFuture<Optional<Session>> takeUp(SessionId id) {
    return forwarding.change(
        at -> at.sessions().takeUp(id), taken -> taken.map(Session::modifyRevision));
  }

  @Override
  public CompletableFuture<Boolean> destroy(SessionId id) {
    return forwarding.change(
        at -> at.sessions().destroy(id), existed -> Optional.<Revision>empty());
  }

  @Override
  public CompletableFuture<SessionLookup> get(SessionId id, Freshness freshness) {
    return reading(freshness, sessions -> sessions.get(id, freshness));
  }

  @Override
  public CompletableFuture<SessionKeys> keys(SessionId id, Freshness freshness) {
    return reading(freshness, sessions -> sessions.keys(id, freshness));
  }

  @Override
  public CompletableFuture<SessionListing> list(Freshness freshness) {
    return reading(freshness, sessions -> sessions.list(freshness));
  }

  /**
   * Asks the holder, too: the revision of the last change that another replica knows may be later
   * than the holder's, because it listed the store later.
   */
  @Override
  public CompletableFuture<Boolean> awaitChange(Revision changed, Duration atMost) {
    AtomicReference<Future<?>> asked = new AtomicReference<>(CompletableFuture.completedFuture(0));
    CompletableFuture<Boolean> answer =
        forwarding.ask(
            at -> {
              CompletableFuture<Boolean> coming = at.sessions().awaitChange(changed, atMost);
              asked.set(coming);
              return coming;
            });
    var unused = answer.whenComplete((known, failure) -> asked.get().cancel(false));
    return answer;
  }

  private <T> CompletableFuture<T> reading(
      Freshness freshness, Function<Sessions, CompletableFuture<T>> question) {
    return switch (freshness) {
      case Freshness.Linearizable now -> forwarding.ask(at -> question.apply(at.sessions()));
      case Freshness.AtLeast atLeast -> question.apply(inner());
      case Freshness.Stale any -> question.apply(inner());
      case Freshness.At at -> forwarding.ask(there -> question.apply(there.sessions()));
    };
  }
}
