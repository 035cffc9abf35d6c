package io.kubekv.consul;

import io.kubekv.golang.GoDuration;
import io.kubekv.golang.GoDuration.BadDuration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the body of {@code session/create} says, read as Consul does (Consul 1.5,
 * agent/session_endpoint.go, agent/http.go: decodeBody): names in any case, unknown ones ignored.
 *
 * @param node empty when it is not said
 * @param checks the checks that the session depends on; empty when it is not said
 * @param lockDelayNanos may be negative
 */
record SessionBody(
    String name,
    Optional<String> node,
    String behavior,
    String timeToLive,
    Optional<List<String>> checks,
    long lockDelayNanos) {
  private static final String FAILED = "Request decode failed: ";
  private static final long USUAL_LOCK_DELAY = 15_000_000_000L;

  /** A lower number means seconds. */
  private static final long FIRST_NANOS = 1_000;

  private static final SessionBody EMPTY =
      new SessionBody("", Optional.empty(), "", "", Optional.empty(), USUAL_LOCK_DELAY);

  static SessionBody of(byte[] body) throws ConsulError {
    if (body.length == 0) {
      return EMPTY;
    }
    JsonNode json = JsonBody.parse(body, FAILED);
    if (json.isNull()) {
      return EMPTY;
    }
    if (!json.isObject()) {
      throw failed("'' expected a map, got '" + GoValue.kind(json) + "'");
    }
    Fields fields = new Fields();
    long lockDelay = lockDelay(fields, JsonBody.field(json, "LockDelay"));
    SessionBody said =
        new SessionBody(
            text(fields, json, "Name", "string").orElse(""),
            text(fields, json, "Node", "string"),
            text(fields, json, "Behavior", "structs.SessionBehavior").orElse(""),
            text(fields, json, "TTL", "string").orElse(""),
            fields.texts(JsonBody.field(json, "Checks"), "Checks", "types.CheckID"),
            lockDelay);
    fields.failOnWrongOnes(FAILED);
    return said;
  }

  private static Optional<String> text(Fields fields, JsonNode body, String name, String type) {
    return fields.text(JsonBody.field(body, name), name, type);
  }

  private static long lockDelay(Fields fields, @Nullable JsonNode said) throws ConsulError {
    if (said == null || said.isNull()) {
      return USUAL_LOCK_DELAY;
    }
    if (!said.isString() && !said.isNumber()) {
      fields.unconvertible(said, "LockDelay", "time.Duration");
      return USUAL_LOCK_DELAY;
    }
    try {
      long number =
          said.isString() ? GoDuration.parseNanos(said.stringValue()) : (long) said.doubleValue();
      return number < FIRST_NANOS ? number * 1_000_000_000L : number;
    } catch (BadDuration notOne) {
      throw failed(String.valueOf(notOne.getMessage()));
    }
  }

  private static ConsulError failed(String why) {
    return new ConsulError(400, FAILED + why);
  }
}
