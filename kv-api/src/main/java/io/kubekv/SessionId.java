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
  /** Before all others; as good as no session's, since ids are random. */
  public static final SessionId ZEROS = new SessionId(new UUID(0, 0));

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

  /** The order of their texts. */
  @Override
  public int compareTo(SessionId other) {
    int order =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return order != 0
        ? order
        : Long.compareUnsigned(
            value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
