package io.kubekv.grpc;

import io.kubekv.Await;
import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Freshness;
import io.kubekv.Lookup;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import io.kubekv.Sessions;
import io.kubekv.StoreException;
import io.kubekv.WatchEvent;
import io.kubekv.v1.Kv.LockResponse.Lost;
import java.util.Optional;

/**
 * A key as it is after a change.
 *
 * @param entry its entry, absent when it has none
 * @param revision the revision of the state, at least the change's
 * @param cause why it was changed, where that is known
 */
record KeyChange(Optional<Entry> entry, Revision revision, Optional<Cause> cause) {
  static KeyChange of(Lookup lookup) {
    return new KeyChange(lookup.entry(), lookup.revision(), Optional.empty());
  }

  /** What an event says; empty when it is no change. */
  static Optional<KeyChange> of(WatchEvent event) {
    return switch (event) {
      case WatchEvent.Put put ->
          Optional.of(
              new KeyChange(Optional.of(put.entry()), put.revision(), Optional.of(put.cause())));
      case WatchEvent.Delete delete ->
          Optional.of(
              new KeyChange(Optional.empty(), delete.revision(), Optional.of(delete.cause())));
      case WatchEvent.Progress progress -> Optional.empty();
      case WatchEvent.HistoryGone gone -> Optional.empty();
    };
  }

  /** How a session lost the key by it. When no event told the cause, the session does. */
  Lost.Reason loss(SessionId holder, Sessions sessions) {
    if (cause.map(Cause.SESSION_END::equals).orElseGet(() -> isGone(holder, sessions))) {
      return Lost.Reason.REASON_SESSION_ENDED;
    }
    return entry.isPresent() ? Lost.Reason.REASON_TAKEN : Lost.Reason.REASON_DELETED;
  }

  private static boolean isGone(SessionId id, Sessions sessions) {
    try {
      return Await.read(sessions.get(id, Freshness.LINEARIZABLE)).session().isEmpty();
    } catch (StoreException cannotTell) {
      return false;
    }
  }
}
