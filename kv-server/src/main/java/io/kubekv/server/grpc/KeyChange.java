package io.kubekv.server.grpc;

import io.kubekv.Cause;
import io.kubekv.Entry;
import io.kubekv.Lookup;
import io.kubekv.Revision;
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

  /** How the holder lost the key by it. */
  Lost.Reason loss() {
    if (cause.isPresent() && cause.get() == Cause.SESSION_END) {
      return Lost.Reason.REASON_SESSION_ENDED;
    }
    return entry.isPresent() ? Lost.Reason.REASON_TAKEN : Lost.Reason.REASON_DELETED;
  }
}
