package io.kubekv.consul;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Bodies that are JSON, read as Go's decoder does: what follows the first value is passed over. */
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
      String tooLarge = firstTooLarge(body);
      if (!tooLarge.isEmpty()) {
        throw new ConsulError(
            400,
            "%sjson: cannot unmarshal number %s into Go value of type float64"
                .formatted(failed, tooLarge));
      }
      return json;
    } catch (UnexpectedEndOfInputException cutOff) {
      throw new ConsulError(400, failed + "unexpected EOF");
    } catch (JacksonException wrong) {
      throw new ConsulError(400, failed + "invalid JSON: " + wrong.getOriginalMessage());
    }
  }

  /**
   * The first number in the value that no float64 is large enough for, as it is written: Go has no
   * others here. Also in a field that comes again later. Empty when there is none.
   */
  private static String firstTooLarge(byte[] body) {
    try (JsonParser tokens = READER.createParser(body)) {
      int depth = 0;
      do {
        JsonToken token = tokens.nextToken();
        if (token.isNumeric() && Double.isInfinite(Double.parseDouble(tokens.getString()))) {
          return tokens.getString();
        }
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      } while (depth > 0);
      return "";
    }
  }

  /**
   * A field of an object: the one of this very name, otherwise one that differs in case alone; null
   * when there is none.
   */
  static @Nullable JsonNode field(JsonNode object, String name) {
    JsonNode exact = object.get(name);
    if (exact != null) {
      return exact;
    }
    return object.properties().stream()
        .filter(field -> field.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
