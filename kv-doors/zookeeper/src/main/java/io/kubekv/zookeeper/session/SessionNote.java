package io.kubekv.zookeeper.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What is kept with a client's session.
 *
 * @param timeout as the client knows it, in milliseconds
 * @param hash of its password, which is not kept
 */
public record SessionNote(int timeout, String hash) {
  /** Renewals are not written at each sign of life, so the store's session lives longer by this. */
  private static final int SLACK_PART = 6;

  public static SessionNote of(int timeout, byte[] password) {
    return new SessionNote(timeout, sha256(password));
  }

  private static String sha256(byte[] password) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(password));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** Whether that is the password. Takes as long whatever it is. */
  public boolean isPassword(byte[] password) {
    return MessageDigest.isEqual(
        sha256(password).getBytes(StandardCharsets.US_ASCII),
        hash.getBytes(StandardCharsets.US_ASCII));
  }

  /** After so much of quiet a sign of life renews the session. */
  public Duration renewal() {
    return Duration.ofMillis(timeout / SLACK_PART);
  }

  /** How long the store's session lives: never less than the client's after its last sign. */
  public Duration timeToLive() {
    return Duration.ofMillis(timeout).plus(renewal());
  }

  public String text() {
    return timeout + " " + hash;
  }

  public static Optional<SessionNote> parse(String text) {
    String[] parts = text.split(" ", 2);
    if (parts.length != 2 || !parts[0].matches("\\d{1,9}")) {
      return Optional.empty();
    }
    return Optional.of(new SessionNote(Integer.parseInt(parts[0]), parts[1]));
  }
}
