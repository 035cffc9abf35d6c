package io.kubekv.embedded;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Who may come in: whoever knows the token. It is taken as a bearer token, and, because kubectl
 * sends no bearer token over plain HTTP, as the beginning of the path: {@code
 * /token/TOKEN/api/v1/...}.
 */
final class Credentials {
  private static final String PREFIX = "/token/";

  private final byte[] token;

  Credentials(String token) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
  }

  /** The path that a kubeconfig's server address ends in. */
  static String pathPrefix(String token) {
    return PREFIX + token;
  }

  /** The request's path without a token in it; empty when the request shows no right token. */
  Optional<String> admit(Exchange exchange) {
    String path = exchange.path();
    if (path.startsWith(PREFIX)) {
      int end = path.indexOf('/', PREFIX.length());
      int stop = end < 0 ? path.length() : end;
      return matches(path.substring(PREFIX.length(), stop))
          ? Optional.of(end < 0 ? "/" : path.substring(end))
          : Optional.empty();
    }
    String header = exchange.header("Authorization");
    boolean bearer = header != null && header.regionMatches(true, 0, "Bearer ", 0, 7);
    return bearer && header != null && matches(header.substring(7).strip())
        ? Optional.of(path)
        : Optional.empty();
  }

  private boolean matches(String given) {
    return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
  }
}
