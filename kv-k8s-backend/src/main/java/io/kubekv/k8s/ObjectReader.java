package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.Key;
import io.kubekv.LockState;
import io.kubekv.Revision;
import io.kubekv.SessionId;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one object in one pass. Unknown metadata is skipped (managedFields is two thirds of an
 * object's size); an unknown or ill-formed field of {@code spec} makes the object foreign: it was
 * written by somebody who knows more than we do, or less.
 */
final class ObjectReader {
  private final JsonParser in;
  private final Map<String, Object> fields = new HashMap<>();
  private String name = "";
  private String uid = "";
  private Revision revision = Revision.ZERO;

  private ObjectReader(JsonParser in) {
    this.in = in;
  }

  /** Reads from the parser's current START_OBJECT to its END_OBJECT. */
  static ObservedObject read(JsonParser in) {
    return new ObjectReader(in).read();
  }

  private ObservedObject read() {
    String field;
    while ((field = in.nextName()) != null) {
      boolean isObject = in.nextToken() == JsonToken.START_OBJECT;
      if (isObject && field.equals("metadata")) {
        readMetadata();
      } else if (isObject && field.equals("spec")) {
        readSpec();
      } else {
        in.skipChildren();
      }
    }
    return decode();
  }

  private void readMetadata() {
    String field;
    while ((field = in.nextName()) != null) {
      in.nextToken();
      switch (field) {
        case "name" -> name = in.getString();
        case "uid" -> uid = in.getString();
        case "resourceVersion" -> revision = Revision.parse(in.getString());
        default -> in.skipChildren();
      }
    }
  }

  private void readSpec() {
    String field;
    while ((field = in.nextName()) != null) {
      switch (in.nextToken()) {
        case VALUE_STRING -> fields.put(field, in.getString());
        case VALUE_NUMBER_INT -> fields.put(field, integer());
        case VALUE_TRUE, VALUE_FALSE -> fields.put(field, in.getBooleanValue());
        case VALUE_NULL -> {}
        default -> {
          fields.put(field, in.currentToken());
          in.skipChildren();
        }
      }
    }
  }

  private Object integer() {
    return in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? in.currentToken()
        : in.getLongValue();
  }

  private ObservedObject decode() {
    try {
      ObjectSpec spec = spec(new SpecFields(fields));
      return new ObservedObject.Stored(new StoredObject(name, uid, revision, spec));
    } catch (IllegalArgumentException problem) {
      return new ObservedObject.Foreign(name, uid, revision, String.valueOf(problem.getMessage()));
    }
  }

  private static ObjectSpec spec(SpecFields fields) {
    ObjectSpec spec =
        new ObjectSpec(
            ObjectType.parse(fields.required("type")),
            Key.of(fields.required("key")),
            value(fields),
            fields.unsigned("flags").orElse(0L),
            fields.number("version").orElse(1L),
            fields.unsigned("createRevision").map(Revision::new),
            fields.duration("ttl"),
            lock(fields),
            Causes.parse(fields.text("cause").orElse("Set")),
            fields.flag("deleted"),
            fields.text("writeId").map(WriteId::parse));
    fields.requireNoMore();
    if (spec.type() == ObjectType.SESSION) {
      session(spec.key().text());
      SessionSettings.parse(spec.value());
    }
    return spec;
  }

  private static LockState lock(SpecFields fields) {
    LockState lock =
        new LockState(
            fields.text("session").map(ObjectReader::session),
            fields.number("lockIndex").orElse(0L),
            fields.unsigned("acquireRevision").map(Revision::new),
            fields.unsigned("fence").map(Revision::new));
    return lock.equals(LockState.NONE) ? LockState.NONE : lock;
  }

  private static SessionId session(String text) {
    return SessionId.parse(text)
        .orElseThrow(() -> new IllegalArgumentException("a session's id is not a UUID"));
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
