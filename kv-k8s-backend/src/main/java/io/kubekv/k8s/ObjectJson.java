package io.kubekv.k8s;

import io.kubekv.Bytes;
import io.kubekv.LockState;
import io.kubekv.Revision;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The wire form of stored objects, both ways; {@code keyvalues.yaml} is its schema. This class and
 * those it calls are the only ones to know that a {@link Revision} is a {@code resourceVersion}.
 *
 * <p>Reading fails with {@link tools.jackson.core.JacksonException} on what is not JSON at all, and
 * with {@link IllegalArgumentException} on what is no answer of a Kubernetes API, such as a
 * resourceVersion that is no number. Stateless and thread-safe.
 */
final class ObjectJson {
  private static final JsonFactory JSON = new JsonFactory();

  /** Bytes that an object takes beside its value, as a rule. */
  private static final int AROUND = 640;

  private ObjectJson() {}

  /**
   * One page of a list.
   *
   * @param revision where the whole list stands
   * @param more the token that asks for the next page
   */
  record Page(List<ObservedObject> objects, Revision revision, Optional<String> more) {}

  /** Reads an object, as the answers to a get, a create and an update hold it. */
  static ObservedObject read(byte[] json) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
      return read(startOf(in));
    }
  }

  /** Reads from the parser's current START_OBJECT to the END_OBJECT that belongs to it. */
  static ObservedObject read(JsonParser in) {
    return ObjectReader.read(in);
  }

  /** Reads only an object's revision: all that a bookmark has. */
  static Revision readRevision(JsonParser in) {
    return read(in).revision();
  }

  /** Reads a list or a page of one. */
  static Page readPage(byte[] json) {
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), json)) {
      startOf(in);
      Page page = new Page(new ArrayList<>(), Revision.ZERO, Optional.empty());
      String field;
      while ((field = in.nextName()) != null) {
        JsonToken token = in.nextToken();
        if (token == JsonToken.START_ARRAY && field.equals("items")) {
          readItems(in, page.objects());
        } else if (token == JsonToken.START_OBJECT && field.equals("metadata")) {
          page = readPosition(in, page.objects());
        } else {
          in.skipChildren();
        }
      }
      return page;
    }
  }

  private static void readItems(JsonParser in, List<ObservedObject> objects) {
    while (in.nextToken() == JsonToken.START_OBJECT) {
      objects.add(read(in));
    }
  }

  private static Page readPosition(JsonParser in, List<ObservedObject> objects) {
    Revision revision = Revision.ZERO;
    Optional<String> more = Optional.empty();
    String field;
    while ((field = in.nextName()) != null) {
      in.nextToken();
      switch (field) {
        case "resourceVersion" -> revision = Revision.parse(in.getString());
        case "continue" -> more = Optional.of(in.getString()).filter(s -> !s.isEmpty());
        default -> in.skipChildren();
      }
    }
    return new Page(objects, revision, more);
  }

  /** The body of a POST that makes the object; the API refuses it when there is one. */
  static byte[] toCreate(ObjectSpec spec) {
    return object(
        spec,
        metadata -> metadata.writeStringProperty("name", ObjectNames.of(spec.type(), spec.key())));
  }

  /**
   * The body of a PUT that replaces exactly {@code current}: the API refuses it with a conflict
   * when the object was changed, or removed and made again, since. Labels and annotations that
   * others put there are lost; managedFields, which are larger than most values, are cleared.
   */
  static byte[] toReplace(StoredObject current, ObjectSpec next) {
    return object(
        next,
        metadata -> {
          metadata.writeStringProperty("name", current.name());
          metadata.writeStringProperty("uid", current.uid());
          metadata.writeStringProperty("resourceVersion", current.revision().toString());
          metadata.writeName("managedFields").writeStartArray();
          metadata.writeStartObject().writeEndObject().writeEndArray();
        });
  }

  /** The body of a DELETE that removes exactly {@code object}, at exactly its revision. */
  static byte[] toRemove(ObservedObject object) {
    return write(
        AROUND,
        out -> {
          out.writeStringProperty("apiVersion", "v1");
          out.writeStringProperty("kind", "DeleteOptions");
          out.writeName("preconditions").writeStartObject();
          out.writeStringProperty("uid", object.uid());
          out.writeStringProperty("resourceVersion", object.revision().toString());
          out.writeEndObject();
        });
  }

  private static JsonParser startOf(JsonParser in) {
    if (in.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("the API answered with something that is no JSON object");
    }
    return in;
  }

  private static byte[] object(ObjectSpec spec, Consumer<JsonGenerator> metadata) {
    return write(
        AROUND + spec.value().size(),
        out -> {
          out.writeStringProperty("apiVersion", KeyValueDefinition.API_VERSION);
          out.writeStringProperty("kind", KeyValueDefinition.KIND);
          out.writeName("metadata").writeStartObject();
          metadata.accept(out);
          out.writeEndObject();
          out.writeName("spec").writeStartObject();
          writeSpec(out, spec);
          out.writeEndObject();
        });
  }

  private static byte[] write(int expected, Consumer<JsonGenerator> fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(expected);
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      out.writeStartObject();
      fields.accept(out);
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeSpec(JsonGenerator out, ObjectSpec spec) {
    out.writeStringProperty("type", spec.type().text());
    out.writeStringProperty("key", spec.key().text());
    writeValue(out, spec.value());
    if (spec.flags() != 0) {
      out.writeStringProperty("flags", Long.toUnsignedString(spec.flags()));
    }
    out.writeNumberProperty("version", spec.version());
    writeRevision(out, "createRevision", spec.createRevision());
    spec.ttl().ifPresent(ttl -> out.writeStringProperty("ttl", seconds(ttl)));
    writeLock(out, spec.lock());
    out.writeStringProperty("cause", Causes.text(spec.cause()));
    if (spec.deleted()) {
      out.writeBooleanProperty("deleted", true);
    }
    spec.writeId().ifPresent(id -> out.writeStringProperty("writeId", id.text()));
  }

  private static void writeValue(JsonGenerator out, Bytes value) {
    if (value.size() == 0) {
      return;
    }
    Optional<String> text = TextValues.asText(value);
    if (text.isPresent()) {
      out.writeStringProperty("value", text.get());
    } else {
      out.writeStringProperty("valueBase64", value.toBase64());
    }
  }

  private static void writeLock(JsonGenerator out, LockState lock) {
    lock.holder().ifPresent(session -> out.writeStringProperty("session", session.toString()));
    if (lock.lockIndex() != 0) {
      out.writeNumberProperty("lockIndex", lock.lockIndex());
    }
    writeRevision(out, "acquireRevision", lock.acquireRevision());
    writeRevision(out, "fence", lock.fence());
  }

  private static void writeRevision(JsonGenerator out, String name, Optional<Revision> revision) {
    revision.ifPresent(known -> out.writeStringProperty(name, known.toString()));
  }

  private static String seconds(Duration duration) {
    BigDecimal seconds =
        BigDecimal.valueOf(duration.toSeconds())
            .add(BigDecimal.valueOf(duration.toNanosPart(), 9))
            .stripTrailingZeros();
    return seconds.toPlainString() + "s";
  }
}
