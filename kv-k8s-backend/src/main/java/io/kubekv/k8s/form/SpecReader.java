package io.kubekv.k8s.form;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.Kind;
import io.kubekv.SessionId;
import io.kubekv.k8s.form.KeyValueForm.Content;
import io.kubekv.k8s.form.KeyValueForm.Read;
import io.kubekv.k8s.form.KeyValueForm.Unreadable;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what an object says of its key; {@code keyvalues.yaml} is the schema. */
final class SpecReader {
  private static final JsonMapper JSON = JsonMapper.shared();

  private SpecReader() {}

  static Read read(byte[] json) {
    JsonNode object = JSON.readTree(json);
    if (!object.isObject()) {
      throw new IllegalArgumentException("an object of the API is no JSON object");
    }
    try {
      Content content = content(new SpecFields(fields(object.path("spec"))));
      String name = object.path("metadata").path("name").asString("");
      if (!name.equals(ObjectNames.of(content.key()))) {
        throw new IllegalArgumentException("spec.key does not belong to metadata.name");
      }
      return content;
    } catch (IllegalArgumentException problem) {
      return new Unreadable(String.valueOf(problem.getMessage()));
    }
  }

  /** Strings, longs and booleans by name; what is anything else stays as it is. */
  private static Map<String, Object> fields(JsonNode spec) {
    Map<String, Object> fields = new HashMap<>();
    spec.properties().forEach(field -> fields.put(field.getKey(), plain(field.getValue())));
    fields.values().removeIf(value -> value instanceof JsonNode node && node.isNull());
    return fields;
  }

  private static Object plain(JsonNode value) {
    if (value.isString()) {
      return value.stringValue();
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : value;
  }

  private static Content content(SpecFields fields) {
    Kind kind = kind(fields.required("type"));
    Content content =
        new Content(
            kind,
            Key.of(fields.required("key")),
            value(fields),
            fields.unsigned("flags").orElse(0L),
            fields.duration("ttl"));
    if (kind == Kind.DIRECTORY && content.value().size() > 0) {
      throw new IllegalArgumentException("a directory has no value");
    }
    requireOthers(fields);
    fields.requireNoMore();
    return content;
  }

  /** What only a change by the store's own rules alters: looked at, and not taken over. */
  private static void requireOthers(SpecFields fields) {
    if (fields.number("version").orElse(1L) < 1) {
      throw new IllegalArgumentException("spec.version is below 1");
    }
    fields.unsigned("createRevision");
    fields.text("session").ifPresent(SpecReader::requireSession);
    if (fields.number("lockIndex").orElse(0L) < 0) {
      throw new IllegalArgumentException("spec.lockIndex is below 0");
    }
    fields.unsigned("acquireRevision");
    fields.unsigned("fence");
    fields.text("attachedTo").ifPresent(SpecReader::requireSession);
    fields.text("cause").ifPresent(Causes::require);
  }

  private static void requireSession(String text) {
    if (SessionId.parse(text).isEmpty()) {
      throw new IllegalArgumentException("a session's id is not a UUID");
    }
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "Value" -> Kind.VALUE;
      case "Directory" -> Kind.DIRECTORY;
      default -> throw new IllegalArgumentException("spec.type is neither Value nor Directory");
    };
  }

  private static Bytes value(SpecFields fields) {
    var text = fields.text("value");
    var base64 = fields.text("valueBase64");
    if (text.isPresent() && base64.isPresent()) {
      throw new IllegalArgumentException("spec has both value and valueBase64");
    }
    return text.map(Bytes::utf8).or(() -> base64.map(Bytes::base64)).orElse(Bytes.EMPTY);
  }
}
