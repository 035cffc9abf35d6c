package io.kubekv.server.consul;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that are JSON, read as Go's decoder does: the first value counts, names in any case. */
final class JsonBody {
  private static final ObjectReader READER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private JsonBody() {}

  /**
   * The value in a body.
   *
   * @param failed what Consul says in front of what is wrong
   */
  static JsonNode parse(byte[] body, String failed) throws ConsulError {
    try {
      JsonNode json = READER.readTree(body);
      if (json.isMissingNode()) {
        throw new ConsulError(400, failed + "EOF");
      }
      return json;
    } catch (UnexpectedEndOfInputException cutOff) {
      throw new ConsulError(400, failed + "unexpected EOF");
    } catch (JacksonException wrong) {
      throw new ConsulError(400, failed + "invalid JSON: " + wrong.getOriginalMessage());
    }
  }

  /** The fields of an object that are not null, by their names in lower case. */
  static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> fields = new TreeMap<>();
    object.forEachEntry((name, value) -> fields.put(name.toLowerCase(Locale.ROOT), value));
    fields.values().removeIf(JsonNode::isNull);
    return fields;
  }
}
