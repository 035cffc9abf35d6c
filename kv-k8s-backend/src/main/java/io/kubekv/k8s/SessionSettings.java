package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.SessionBehavior;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a session's object has as its value: {@code {"name":"n","behavior":"release",
 * "lockDelay":"PT15S","note":"x"}}, in any order; without a note when it is empty. The time to live
 * is the object's own.
 */
record SessionSettings(String name, SessionBehavior behavior, Duration lockDelay, String note) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String DELETE = "delete";
  private static final String RELEASE = "release";

  Bytes toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      out.writeStringProperty("name", name);
      out.writeStringProperty("behavior", behavior == SessionBehavior.DELETE ? DELETE : RELEASE);
      out.writeStringProperty("lockDelay", lockDelay.toString());
      if (!note.isEmpty()) {
        out.writeStringProperty("note", note);
      }
      out.writeEndObject();
    }
    return Bytes.copyOf(bytes.toByteArray());
  }

  /** {@link IllegalArgumentException} says what is wrong with it. */
  static SessionSettings parse(Bytes value) {
    Map<String, String> fields = fields(value);
    fields.putIfAbsent("note", "");
    String name = take(fields, "name");
    String behavior = take(fields, "behavior");
    String lockDelay = take(fields, "lockDelay");
    String note = take(fields, "note");
    if (!fields.isEmpty()) {
      throw new IllegalArgumentException("a session has no setting " + fields.keySet());
    }
    return new SessionSettings(name, behavior(behavior), duration(lockDelay), note);
  }

  private static Map<String, String> fields(Bytes value) {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), value.toArray())) {
      require(in.nextToken() == JsonToken.START_OBJECT);
      while (in.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = in.currentName();
        require(in.nextToken() == JsonToken.VALUE_STRING);
        fields.put(name, in.getString());
      }
      require(in.currentToken() == JsonToken.END_OBJECT && in.nextToken() == null);
    } catch (JacksonException notJson) {
      require(false);
    }
    return fields;
  }

  private static void require(boolean isObjectOfStrings) {
    if (!isObjectOfStrings) {
      throw new IllegalArgumentException("a session's value is not a JSON object of strings");
    }
  }

  private static String take(Map<String, String> fields, String name) {
    String value = fields.remove(name);
    if (value == null) {
      throw new IllegalArgumentException("a session's value has no " + name);
    }
    return value;
  }

  private static SessionBehavior behavior(String text) {
    return switch (text) {
      case RELEASE -> SessionBehavior.RELEASE;
      case DELETE -> SessionBehavior.DELETE;
      default -> throw new IllegalArgumentException("a session's behavior is not " + text);
    };
  }

  private static Duration duration(String text) {
    try {
      Duration delay = Duration.parse(text);
      if (!delay.isNegative()) {
        return delay;
      }
    } catch (DateTimeException notOne) {
      // said below
    }
    throw new IllegalArgumentException("a session's lockDelay is no ISO-8601 duration from 0 on");
  }
}
