package io.kubekv.transport.access;

import io.kubekv.UnavailableException;

/** Decides whether a user may do something to a path. Thread-safe. */
public interface Authorizer {
  /**
   * Whether the user may. May block.
   *
   * @param path a literal path such as {@code /kv/default/docker/nodes}; a range of keys ends in
   *     {@code *}
   * @throws UnavailableException when that cannot be decided now
   */
  boolean isAllowed(User user, Verb verb, String path);
}
