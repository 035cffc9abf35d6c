package io.kubekv.transport.access;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;

/**
 * What a client shows.
 *
 * @param certificate its own, which the listener has found to be of a trusted authority
 * @param token a bearer token, or the password of basic authentication
 */
public record Credentials(Optional<X509Certificate> certificate, Optional<String> token) {
  private static final String BEARER = "bearer ";
  private static final String BASIC = "basic ";

  /**
   * What the header {@code Authorization} holds. Basic authentication is for clients that can do
   * nothing else: its password is the token, and its user name says nothing.
   */
  public static Optional<String> token(String authorization) {
    if (startsWith(authorization, BEARER)) {
      return some(authorization.substring(BEARER.length()));
    }
    if (startsWith(authorization, BASIC)) {
      return password(authorization.substring(BASIC.length()).trim());
    }
    return Optional.empty();
  }

  private static boolean startsWith(String header, String scheme) {
    return header.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private static Optional<String> password(String base64) {
    try {
      String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : some(pair.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static Optional<String> some(String token) {
    return Optional.of(token.trim()).filter(text -> !text.isEmpty());
  }

  /** Never shows the token. */
  @Override
  public String toString() {
    return "Credentials[" + certificate.map(X509Certificate::getSubjectX500Principal) + "]";
  }
}
