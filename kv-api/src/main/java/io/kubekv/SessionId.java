package io.kubekv;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Names a session. Whoever begins the session chooses it at random, so that a creation can be sent
 * again safely.
 *
 * @param value the number; its text is the 36 characters of a UUID in lower case
 */
public record SessionId(UUID value) implements Comparable<SessionId> {
  private static final int LENGTH = 36;

  public static SessionId random() {
    return new SessionId(UUID.randomUUID());
  }

  /** The session that a text names, empty when it is not a UUID of 36 characters. */
  public static Optional<SessionId> parse(String text) {
    try {
      SessionId id = new SessionId(UUID.fromString(text));
      boolean whole =
          text.length() == LENGTH && id.toString().equals(text.toLowerCase(Locale.ROOT));
      return whole ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException notOne) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(SessionId other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
