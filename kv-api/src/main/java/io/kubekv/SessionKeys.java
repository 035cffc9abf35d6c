package io.kubekv;

import java.util.List;
import java.util.Optional;

/**
 * The keys that are attached to a session, at one moment.
 *
 * @param session the session, absent when there is none of that id
 * @param keys the keys that are attached to it, in order; immutable
 * @param revision the revision of the state that was read
 */
public record SessionKeys(Optional<Session> session, List<Key> keys, Revision revision) {
  public SessionKeys {
    keys = List.copyOf(keys);
  }
}
