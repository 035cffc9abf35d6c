package io.kubekv.e2e.attacks;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/**
 * Large values, each put from an address of its own: one address may store half a megabyte a
 * second.
 */
final class Seed {
  /** Where those of {@link #large} are: {@code large/k0} and so on. */
  static final String TREE = "large";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FIRST_SOURCE = 20_000;
  private static final Map<String, String> FORM =
      Map.of("Content-Type", "application/x-www-form-urlencoded");

  private Seed() {}

  /** Puts that many, which must be there at any later time. */
  static void large(Victim victim, int values, int bytes) throws IOException {
    for (int i = 0; i < values; i++) {
      String value = value(i, bytes);
      String key = TREE + "/k" + i;
      HttpAnswer answer = put(victim.process.address(), FIRST_SOURCE + i, key, value);
      if (answer.status() >= 300) {
        throw new IOException("cannot put " + key + ": " + answer.status() + " " + answer.body());
      }
      victim.know(Map.of(key, value));
    }
  }

  /** A value that no other number has. */
  static String value(int number, int bytes) {
    String start = "v" + number + "-";
    return start + "x".repeat(bytes - start.length());
  }

  /** One put through etcd's API. */
  static HttpAnswer put(InetSocketAddress etcd, int source, String key, String value)
      throws IOException {
    try (HttpConnection connection =
        HttpConnection.open(etcd, new InetSocketAddress(Target.source(source), 0))) {
      connection.readTimeout(PATIENCE);
      return connection.exchange(
          HttpConnection.request("PUT", "/v2/keys/" + key, etcd, FORM, "value=" + value));
    }
  }
}
