package io.kubekv.server.consul;

import io.kubekv.server.golang.GoDuration;
import io.kubekv.server.golang.GoDuration.BadDuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
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
      throw failed("'' expected a map, got '" + (json.isArray() ? "slice" : kind(json)) + "'");
    }
    Map<String, JsonNode> fields = JsonBody.fields(json);
    long lockDelay = lockDelay(fields.get("lockdelay"));
    Fields read = new Fields(fields);
    SessionBody said =
        new SessionBody(
            read.text("Name").orElse(""),
            read.text("Node"),
            read.text("Behavior").orElse(""),
            read.text("TTL").orElse(""),
            read.texts("Checks"),
            lockDelay);
    read.failOnWrongOnes();
    return said;
  }

  private static long lockDelay(@Nullable JsonNode said) throws ConsulError {
    if (said == null) {
      return USUAL_LOCK_DELAY;
    }
    try {
      long number =
          said.isString() ? GoDuration.parseNanos(said.stringValue()) : (long) said.doubleValue();
      return number < FIRST_NANOS ? number * 1_000_000_000L : number;
    } catch (BadDuration notOne) {
      throw failed(String.valueOf(notOne.getMessage()));
    } catch (JacksonException notANumber) {
      throw failed(
          "1 error(s) decoding:\n\n* 'LockDelay' expected type 'time.Duration', got unconvertible"
              + " type '"
              + kind(said)
              + "'");
    }
  }

  private static ConsulError failed(String why) {
    return new ConsulError(400, FAILED + why);
  }

  /** What Go calls a value that came from JSON. */
  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case NUMBER -> "float64";
      case BOOLEAN -> "bool";
      case ARRAY -> "[]interface {}";
      default -> "map[string]interface {}";
    };
  }

  /** Reads fields and keeps what is wrong with them, to tell it all at once. */
  private static final class Fields {
    private final Map<String, JsonNode> fields;
    private final List<String> wrong = new ArrayList<>();

    Fields(Map<String, JsonNode> fields) {
      this.fields = fields;
    }

    Optional<String> text(String name) {
      JsonNode value = fields.get(name.toLowerCase(Locale.ROOT));
      return value == null ? Optional.empty() : text(name, value);
    }

    private Optional<String> text(String name, JsonNode value) {
      if (value.isString()) {
        return Optional.of(value.stringValue());
      }
      wrong.add(
          "'" + name + "' expected type 'string', got unconvertible type '" + kind(value) + "'");
      return Optional.empty();
    }

    Optional<List<String>> texts(String name) {
      JsonNode value = fields.get(name.toLowerCase(Locale.ROOT));
      if (value == null) {
        return Optional.empty();
      }
      List<String> texts = new ArrayList<>();
      if (!value.isArray()) {
        wrong.add("'" + name + "': source data must be an array or slice, got " + kind(value));
      } else {
        for (int i = 0; i < value.size(); i++) {
          text(name + "[" + i + "]", value.get(i)).ifPresent(texts::add);
        }
      }
      return Optional.of(texts);
    }

    void failOnWrongOnes() throws ConsulError {
      if (!wrong.isEmpty()) {
        wrong.sort(null);
        throw failed(wrong.size() + " error(s) decoding:\n\n* " + String.join("\n* ", wrong));
      }
    }
  }
}
