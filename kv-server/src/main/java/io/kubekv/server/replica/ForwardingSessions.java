package io.kubekv.server.replica;

import io.kubekv.Freshness;
import io.kubekv.KeyValueStore;
import io.kubekv.Revision;
import io.kubekv.Session;
import io.kubekv.SessionId;
import io.kubekv.SessionListing;
import io.kubekv.SessionLookup;
import io.kubekv.SessionSpec;
import io.kubekv.Sessions;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Sessions, which live at the holder of the lease: everything but a stale read is asked there. */
final class ForwardingSessions implements Sessions {
  private final Sessions own;
  private final Forwarding forwarding;

  /**
   * @param own this process's own
   */
  ForwardingSessions(Sessions own, Forwarding forwarding) {
    this.own = own;
    this.forwarding = forwarding;
  }

  @Override
  public Session create(SessionSpec spec) {
    return forwarding.change(
        at -> at.sessions().create(spec), session -> Optional.of(session.modifyRevision()));
  }

  @Override
  public Optional<Session> renew(SessionId id) {
    return forwarding.change(
        at -> at.sessions().renew(id), renewed -> renewed.map(Session::modifyRevision));
  }

  @Override
  public boolean destroy(SessionId id) {
    return forwarding.change(
        at -> at.sessions().destroy(id), existed -> Optional.<Revision>empty());
  }

  @Override
  public SessionLookup get(SessionId id, Freshness freshness) {
    return reading(freshness, sessions -> sessions.get(id, freshness));
  }

  @Override
  public SessionListing list(Freshness freshness) {
    return reading(freshness, sessions -> sessions.list(freshness));
  }

  /**
   * Asks the holder, too: the revision of the last change that another replica knows may be later
   * than the holder's, because it listed the store later.
   */
  @Override
  public boolean awaitChange(Revision changed, Duration atMost) throws InterruptedException {
    return forwarding.ask(KeyValueStore::sessions).awaitChange(changed, atMost);
  }

  private <T> T reading(Freshness freshness, Function<Sessions, T> question) {
    return switch (freshness) {
      case Freshness.Linearizable now -> forwarding.ask(at -> question.apply(at.sessions()));
      case Freshness.AtLeast atLeast -> question.apply(own);
      case Freshness.Stale any -> question.apply(own);
      case Freshness.At at -> forwarding.ask(there -> question.apply(there.sessions()));
    };
  }
}
