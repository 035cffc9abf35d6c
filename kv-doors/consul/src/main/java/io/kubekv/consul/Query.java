package io.kubekv.consul;

import io.kubekv.golang.Escapes;
import io.kubekv.golang.Escapes.BadEscape;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The parameters of a request, from its query alone, as Go's {@code url.ParseQuery} reads them.
 * Many of Consul's parameters count by being there, whatever their value.
 */
final class Query {
  private final Map<String, List<String>> values = new TreeMap<>();
  private boolean whole = true;

  static Query of(String encoded) {
    Query query = new Query();
    for (String pair : encoded.split("&")) {
      if (pair.indexOf(';') >= 0) {
        query.whole = false;
      } else if (!pair.isEmpty()) {
        query.add(pair);
      }
    }
    return query;
  }

  /**
   * Whether every pair could be read. Those that could not are left out here, so nothing may be
   * done for a query that is not whole: a condition may be missing.
   */
  boolean isWhole() {
    return whole;
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    try {
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = decoded(equals < 0 ? "" : pair.substring(equals + 1));
      values.computeIfAbsent(name, first -> new ArrayList<>(1)).add(value);
    } catch (BadEscape leftOut) {
      whole = false;
    }
  }

  private static String decoded(String text) throws BadEscape {
    return new String(Escapes.decode(text, true), StandardCharsets.UTF_8);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The first value; empty when there is none. */
  String text(String name) {
    List<String> found = values.get(name);
    return found == null ? "" : found.getFirst();
  }

  /** Refuses a request that has more than one of {@code names}. */
  void requireOneOf(String... names) throws ConsulError {
    int found = 0;
    for (String name : names) {
      found += has(name) ? 1 : 0;
    }
    if (found > 1) {
      throw new ConsulError(400, "Conflicting flags: " + encoded());
    }
  }

  /** All parameters, sorted by name. */
  private String encoded() {
    List<String> pairs = new ArrayList<>();
    values.forEach(
        (name, list) -> list.forEach(value -> pairs.add(escaped(name) + "=" + escaped(value))));
    return String.join("&", pairs);
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("*", "%2A").replace("%7E", "~");
  }
}
