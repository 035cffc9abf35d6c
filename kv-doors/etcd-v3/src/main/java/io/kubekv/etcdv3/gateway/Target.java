package io.kubekv.etcdv3.gateway;

import io.kubekv.golang.Escapes;
import io.kubekv.golang.Escapes.BadEscape;
import io.kubekv.golang.UrlPath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Which of etcd v3's paths a request is for.
 *
 * @param path as etcd 3.6 calls it
 * @param moved where it is found instead: Go's routes answer no path that is not clean
 */
record Target(String path, Optional<String> moved) {
  private static final String V3 = "/v3/";

  /** What older releases called it; etcd 3.6 still knows the first. */
  private static final List<String> FORMER = List.of("/v3beta/", "/v3alpha/");

  /** Empty for the paths of others. */
  static Optional<Target> of(String sent, String query) {
    if (UrlPath.isPlain(sent)) {
      String now = renamed(sent);
      return of(now, now, now, query);
    }
    try {
      String path = decoded(sent);
      String now = renamed(path);
      String escaped = now.equals(path) ? sent : Escapes.encodePath(bytes(now));
      return of(now, escaped, text(UrlPath.clean(bytes(escaped))), query);
    } catch (BadEscape nobodys) {
      return Optional.empty();
    }
  }

  /**
   * @param path without escapes
   * @param escaped with them
   * @param clean the same, clean
   */
  private static Optional<Target> of(String path, String escaped, String clean, String query) {
    String matched;
    try {
      matched = bySegments(clean);
    } catch (BadEscape nobodys) {
      return Optional.empty();
    }
    if (matched.equals("/v3")) {
      return Optional.of(new Target(V3, Optional.of(withQuery(V3, query))));
    }
    boolean check = Checks.has(matched);
    if (!check && !matched.startsWith(V3)) {
      return Optional.empty();
    }
    Optional<String> moved =
        clean.equals(escaped)
            ? Optional.empty()
            : Optional.of(withQuery(Escapes.encodePath(bytes(clean)), query));
    return Optional.of(new Target(check ? matched : path, moved));
  }

  private static String renamed(String path) {
    for (String former : FORMER) {
      if (path.startsWith(former)) {
        return V3 + path.substring(former.length());
      }
    }
    return path;
  }

  /** As Go's routes are found: a slash that is an escape is a part of a name. */
  private static String bySegments(String escaped) throws BadEscape {
    if (escaped.indexOf('%') < 0) {
      return escaped;
    }
    StringBuilder path = new StringBuilder();
    String separator = "";
    for (String segment : escaped.split("/", -1)) {
      path.append(separator).append(decoded(segment).replace('/', '%'));
      separator = "/";
    }
    return path.toString();
  }

  private static String decoded(String escaped) throws BadEscape {
    return text(Escapes.decode(escaped, false));
  }

  /** A character for each byte. */
  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String withQuery(String location, String query) {
    return query.isEmpty() ? location : location + "?" + Escapes.nonAscii(query);
  }
}
