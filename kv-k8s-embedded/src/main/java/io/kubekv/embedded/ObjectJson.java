package io.kubekv.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The encoded form of an object. apiVersion and kind come first, then metadata with the
 * resourceVersion first in it, so that the writer thread can put in the revision, which is known
 * last, without encoding the object again.
 */
final class ObjectJson {
  private static final byte[] MARK = "\"resourceVersion\":\"".getBytes(StandardCharsets.US_ASCII);

  private static final Set<String> HEAD = Set.of("apiVersion", "kind", "metadata");

  /** Reads and writes JSON; a floating-point number is a double, as in the API server. */
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final ObjectReader FIELD =
      MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private ObjectJson() {}

  /** Encodes an object without its resourceVersion, which {@link #withRevision} puts in. */
  static byte[] template(ObjectNode object) {
    ObjectNode ordered = MAPPER.createObjectNode();
    ordered.set("apiVersion", object.path("apiVersion"));
    ordered.set("kind", object.path("kind"));
    ObjectNode metadata = ordered.putObject("metadata").put("resourceVersion", "");
    copyMissing(object.path("metadata"), metadata);
    copyMissing(object, ordered);
    return MAPPER.writeValueAsBytes(ordered);
  }

  /** The object with this resourceVersion; {@code json} may hold another one or none. */
  static byte[] withRevision(byte[] json, long revision) {
    int start = revisionAt(json);
    int end = start;
    while (json[end] != '"') {
      end++;
    }
    byte[] digits = Long.toUnsignedString(revision).getBytes(StandardCharsets.US_ASCII);
    byte[] out = new byte[json.length - (end - start) + digits.length];
    System.arraycopy(json, 0, out, 0, start);
    System.arraycopy(digits, 0, out, start, digits.length);
    System.arraycopy(json, end, out, start + digits.length, json.length - end);
    return out;
  }

  static ObjectNode parse(Version version) {
    return parse(version.json());
  }

  static ObjectNode parse(byte[] json) {
    return (ObjectNode) MAPPER.readTree(json);
  }

  /**
   * Who an object is: its apiVersion, kind and metadata. They come first in what {@link #template}
   * makes, so that a large object takes no longer than a small one.
   */
  static ObjectNode parseHead(Version version) {
    ObjectNode head = MAPPER.createObjectNode();
    try (JsonParser parser = MAPPER.createParser(version.json())) {
      parser.nextToken();
      while (head.size() < HEAD.size() && parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (HEAD.contains(field)) {
          head.set(field, FIELD.readTree(parser));
        } else {
          parser.skipChildren();
        }
      }
    }
    return head;
  }

  private static void copyMissing(JsonNode from, ObjectNode to) {
    for (Map.Entry<String, JsonNode> field : from.properties()) {
      if (!to.has(field.getKey())) {
        to.set(field.getKey(), field.getValue());
      }
    }
  }

  private static int revisionAt(byte[] json) {
    for (int i = 0; i + MARK.length < json.length; i++) {
      if (json[i] == MARK[0] && matches(json, i)) {
        return i + MARK.length;
      }
    }
    throw new IllegalArgumentException("an encoded object without metadata.resourceVersion");
  }

  private static boolean matches(byte[] json, int at) {
    for (int i = 1; i < MARK.length; i++) {
      if (json[at + i] != MARK[i]) {
        return false;
      }
    }
    return true;
  }
}
