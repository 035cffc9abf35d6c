package io.kubekv.transport.access;

import io.kubekv.UnavailableException;
import java.util.Optional;

/** Knows whose a bearer token is. Thread-safe. */
public interface TokenAuthenticator {
  /**
   * Whose token it is; empty when it is nobody's. May block.
   *
   * @throws UnavailableException when that cannot be decided now
   */
  Optional<User> user(String token);
}
