package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request body that has been read: the tree, and which fields it names more than once (the last
 * one counts, as everywhere in the API).
 *
 * @param root the value
 * @param duplicates paths of fields named more than once, for {@link FieldValidation}
 */
record JsonBody(JsonNode root, List<String> duplicates) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads one JSON value.
   *
   * @throws ApiException 400 when the bytes are not one JSON value
   */
  static JsonBody parse(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() == null) {
        throw Statuses.badRequest("couldn't get version/kind; json parse error: unexpected end");
      }
      List<String> duplicates = new ArrayList<>(0);
      JsonNode root = read(parser, new FieldPath(), duplicates);
      if (parser.nextToken() != null) {
        throw Statuses.badRequest("json parse error: something follows the object");
      }
      return new JsonBody(root, duplicates);
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String where = at == null ? "" : " at byte " + at.getByteOffset();
      throw Statuses.badRequest("json parse error: " + e.getOriginalMessage() + where);
    }
  }

  private static JsonNode read(JsonParser parser, FieldPath path, List<String> duplicates) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser, path, duplicates);
      case START_ARRAY -> readArray(parser, path, duplicates);
      case VALUE_STRING -> JsonNodeFactory.instance.stringNode(parser.getString());
      default -> parser.readValueAsTree();
    };
  }

  private static ObjectNode readObject(JsonParser parser, FieldPath path, List<String> duplicates) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      int mark = path.enter(name);
      if (object.replace(name, read(parser, path, duplicates)) != null) {
        duplicates.add(path.toString());
      }
      path.leave(mark);
    }
    return object;
  }

  private static ArrayNode readArray(JsonParser parser, FieldPath path, List<String> duplicates) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      int mark = path.enter(array.size());
      array.add(read(parser, path, duplicates));
      path.leave(mark);
    }
    return array;
  }
}
