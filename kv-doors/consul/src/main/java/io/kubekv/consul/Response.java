package io.kubekv.consul;

import io.kubekv.Revision;
import io.kubekv.golang.ContentType;
import io.kubekv.golang.Json;
import io.kubekv.transport.http.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer before it is dressed for its client.
 *
 * @param isJson whether the body can be laid out for people
 * @param body the caller's own bytes, not changed any more
 */
record Response(int status, List<Header> headers, boolean isJson, byte[] body) {
  static final Header TEXT = new Header("Content-Type", "text/plain; charset=utf-8");
  private static final Header JSON = new Header("Content-Type", "application/json");
  private static final Header NO_WAIT = new Header("X-Consul-Lastcontact", "0");
  private static final byte[] NOTHING = new byte[0];

  static Response json(Json json) {
    return new Response(200, List.of(JSON), true, json.toArray());
  }

  static Response json(boolean outcome) {
    return json(new Json().raw(String.valueOf(outcome)));
  }

  static Response text(int status, String text) {
    return new Response(status, List.of(TEXT), false, text.getBytes(StandardCharsets.UTF_8));
  }

  static Response empty(int status, Header... headers) {
    return new Response(status, List.of(headers), false, NOTHING);
  }

  /** A value as it stands; its type is guessed, as Go's server does when nobody says it. */
  static Response raw(byte[] value) {
    return value.length == 0
        ? empty(200)
        : new Response(
            200, List.of(new Header("Content-Type", ContentType.of(value))), false, value);
  }

  /** With the headers of a read. */
  Response at(Revision index) {
    return with(
        new Header("X-Consul-Index", index.toString()),
        new Header("X-Consul-Knownleader", "true"),
        NO_WAIT);
  }

  /** With the headers of a session read that failed. */
  Response ofFailedRead() {
    return with(
        new Header("X-Consul-Index", "1"), new Header("X-Consul-Knownleader", "false"), NO_WAIT);
  }

  Response with(Header... more) {
    List<Header> all = new ArrayList<>(headers);
    all.addAll(List.of(more));
    return new Response(status, all, isJson, body);
  }
}
