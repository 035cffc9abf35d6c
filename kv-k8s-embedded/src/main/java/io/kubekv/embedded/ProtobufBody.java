package io.kubekv.embedded;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Request bodies of {@code application/vnd.kubernetes.protobuf}, for the built-in types that
 * clients send so: {@code kubectl create namespace} has no other form. Field numbers are those of
 * the generated.proto files of k8s.io/api and k8s.io/apimachinery.
 *
 * <p>Answers are JSON, which such clients accept as well.
 */
final class ProtobufBody {
  static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private enum Kind {
    TEXT,
    TEXTS,
    NUMBER,
    TIME,
    MAP,
    MESSAGE
  }

  private record Field(String name, Kind kind, String message) {
    Field(String name, Kind kind) {
      this(name, kind, "");
    }
  }

  private static final Field METADATA = new Field("metadata", Kind.MESSAGE, "ObjectMeta");

  private static final Map<String, Map<Integer, Field>> MESSAGES =
      Map.of(
          "Namespace",
          Map.of(
              1, METADATA,
              2, new Field("spec", Kind.MESSAGE, "NamespaceSpec"),
              3, new Field("status", Kind.MESSAGE, "NamespaceStatus")),
          "NamespaceSpec",
          Map.of(1, new Field("finalizers", Kind.TEXTS)),
          "NamespaceStatus",
          Map.of(1, new Field("phase", Kind.TEXT)),
          "Lease",
          Map.of(1, METADATA, 2, new Field("spec", Kind.MESSAGE, "LeaseSpec")),
          "LeaseSpec",
          Map.of(
              1, new Field("holderIdentity", Kind.TEXT),
              2, new Field("leaseDurationSeconds", Kind.NUMBER),
              3, new Field("acquireTime", Kind.TIME),
              4, new Field("renewTime", Kind.TIME),
              5, new Field("leaseTransitions", Kind.NUMBER)),
          "ObjectMeta",
          Map.ofEntries(
              Map.entry(1, new Field("name", Kind.TEXT)),
              Map.entry(2, new Field("generateName", Kind.TEXT)),
              Map.entry(3, new Field("namespace", Kind.TEXT)),
              Map.entry(4, new Field("selfLink", Kind.TEXT)),
              Map.entry(5, new Field("uid", Kind.TEXT)),
              Map.entry(6, new Field("resourceVersion", Kind.TEXT)),
              Map.entry(7, new Field("generation", Kind.NUMBER)),
              Map.entry(8, new Field("creationTimestamp", Kind.TIME)),
              Map.entry(9, new Field("deletionTimestamp", Kind.TIME)),
              Map.entry(11, new Field("labels", Kind.MAP)),
              Map.entry(12, new Field("annotations", Kind.MAP)),
              Map.entry(14, new Field("finalizers", Kind.TEXTS))));

  private ProtobufBody() {}

  /**
   * Reads one object of this kind.
   *
   * @throws ApiException 415 for a kind or a field that is not read in this form, 400 when the
   *     bytes are no such message
   */
  static JsonBody read(byte[] body, ResourceType type) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(body);
      byte[] magic = new byte[MAGIC.length];
      bytes.get(magic);
      if (!Arrays.equals(magic, MAGIC)) {
        throw Statuses.badRequest("the body does not begin like Kubernetes protobuf");
      }
      return new JsonBody(envelope(bytes, type.kind()), List.of());
    } catch (BufferUnderflowException e) {
      throw Statuses.badRequest("the protobuf message in the body is cut off or malformed");
    }
  }

  /** runtime.Unknown: the type in field 1, the object in field 2. */
  private static ObjectNode envelope(ByteBuffer bytes, String kind) {
    ObjectNode typeMeta = JsonNodeFactory.instance.objectNode();
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    ProtoReader in = new ProtoReader(bytes);
    while (in.hasMore()) {
      switch (in.nextField()) {
        case 1 -> readTypeMeta(new ProtoReader(in.readBytes()), typeMeta);
        case 2 -> object = message(kind, in.readBytes());
        default -> in.readBytes();
      }
    }
    return typeMeta.setAll(object);
  }

  private static void readTypeMeta(ProtoReader in, ObjectNode target) {
    while (in.hasMore()) {
      target.put(in.nextField() == 1 ? "apiVersion" : "kind", in.readString());
    }
  }

  private static ObjectNode message(String name, ByteBuffer bytes) {
    Map<Integer, Field> fields = MESSAGES.getOrDefault(name, Map.of());
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    ProtoReader in = new ProtoReader(bytes);
    while (in.hasMore()) {
      int number = in.nextField();
      Field field = fields.get(number);
      if (field == null) {
        throw Statuses.unsupportedMediaType(List.of("application/json", "application/yaml"));
      }
      readField(field, in, object);
    }
    return object;
  }

  /** Go writes empty values too; they mean that the field is absent. */
  private static void readField(Field field, ProtoReader in, ObjectNode object) {
    switch (field.kind()) {
      case TEXT -> {
        String text = in.readString();
        if (!text.isEmpty()) {
          object.put(field.name(), text);
        }
      }
      case TEXTS -> object.withArrayProperty(field.name()).add(in.readString());
      case NUMBER -> {
        long number = in.readInt64();
        if (number != 0) {
          object.put(field.name(), number);
        }
      }
      case TIME -> readTime(field.name(), new ProtoReader(in.readBytes()), object);
      case MAP ->
          readEntry(new ProtoReader(in.readBytes()), object.withObjectProperty(field.name()));
      case MESSAGE -> {
        ObjectNode below = message(field.message(), in.readBytes());
        if (!below.isEmpty()) {
          object.set(field.name(), below);
        }
      }
    }
  }

  private static void readTime(String name, ProtoReader in, ObjectNode object) {
    long seconds = 0;
    long nanos = 0;
    while (in.hasMore()) {
      if (in.nextField() == 1) {
        seconds = in.readInt64();
      } else {
        nanos = in.readInt64();
      }
    }
    if (seconds != 0) {
      object.put(name, Instant.ofEpochSecond(seconds, nanos).toString());
    }
  }

  private static void readEntry(ProtoReader in, ObjectNode map) {
    String key = "";
    String value = "";
    while (in.hasMore()) {
      if (in.nextField() == 1) {
        key = in.readString();
      } else {
        value = in.readString();
      }
    }
    map.put(key, value);
  }
}
