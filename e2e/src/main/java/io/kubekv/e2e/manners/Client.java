package io.kubekv.e2e.manners;

import io.kubekv.e2e.HttpAnswer;
import io.kubekv.e2e.HttpConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A client of kubekv's etcd v2 or Consul door, on one connection. Not thread-safe. */
final class Client implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private final InetSocketAddress door;
  private final HttpConnection connection;
  private @Nullable HttpAnswer watching;

  private Client(InetSocketAddress door, HttpConnection connection) {
    this.door = door;
    this.connection = connection;
  }

  static Client of(InetSocketAddress door) throws IOException {
    HttpConnection connection = HttpConnection.open(door);
    connection.readTimeout(PATIENCE);
    return new Client(door, connection);
  }

  /**
   * @param target with its query
   */
  HttpAnswer get(String target) throws IOException {
    return ask("GET", target, "");
  }

  /** Sets a key of the etcd v2 door. */
  HttpAnswer set(String key, String value) throws IOException {
    return put("/v2/keys/" + key, "value=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  HttpAnswer put(String target, String body) throws IOException {
    return ask("PUT", target, body);
  }

  HttpAnswer delete(String target) throws IOException {
    return ask("DELETE", target, "");
  }

  /**
   * Waits for the next change of a tree of the etcd v2 door. Returns when the door has taken the
   * watch; {@link #event} is to be called next.
   */
  Client watch(String tree) throws IOException {
    connection.send(request("GET", "/v2/keys/" + tree + "?wait=true&recursive=true", ""));
    watching = connection.readHead();
    return this;
  }

  /** What the watch brings; {@code cut} when its connection ends. Blocks for at most 30 seconds. */
  String event() throws IOException {
    if (watching == null) {
      throw new IllegalStateException("nothing is being watched");
    }
    try {
      return connection.readBody(watching).body();
    } catch (EOFException ended) {
      return "cut";
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }

  private HttpAnswer ask(String method, String target, String body) throws IOException {
    return connection.exchange(request(method, target, body));
  }

  private byte[] request(String method, String target, String body) {
    Map<String, String> headers =
        body.startsWith("value=") || body.startsWith("ttl=")
            ? Map.of("Content-Type", "application/x-www-form-urlencoded")
            : Map.of();
    return HttpConnection.request(method, target, door, headers, body);
  }
}
