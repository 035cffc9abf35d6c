package io.kubekv.docker;

import io.kubekv.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fields of one JSON object, read strictly: another type than expected is an error that names
 * the field. Go's zero values (null, the empty text) count as absent. Text is bounded, and has no
 * control characters, so that it can be shown anywhere.
 */
final class Fields {
  /** More is written by no engine. */
  private static final int MOST_BYTES = 512 * 1024;

  private static final int MOST_TEXT = 255;
  private static final int MOST_ITEMS = 256;
  private static final int DEEPEST = 32;

  private static final Pattern SUBNET = Pattern.compile("[0-9a-fA-F.:]{2,45}/[0-9]{1,3}");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(MOST_BYTES)
                          .maxDocumentLength(MOST_BYTES)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode object;
  private final String path;

  private Fields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  /** The object that a value is. */
  static Fields of(Bytes value) throws UndecodedException {
    if (value.size() > MOST_BYTES) {
      throw new UndecodedException("the value is larger than " + MOST_BYTES + " bytes");
    }
    String text =
        value.asText().orElseThrow(() -> new UndecodedException("the value is no text in UTF-8"));
    return object(parsed(text, "the value"), "");
  }

  private static JsonNode parsed(String text, String what) throws UndecodedException {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException broken) {
      throw new UndecodedException(what + " is no valid JSON: " + place(broken));
    }
  }

  /** Where, without a word of the content. */
  private static String place(JacksonException broken) {
    return broken.getLocation() == null
        ? "it cannot be read"
        : "line "
            + broken.getLocation().getLineNr()
            + ", column "
            + broken.getLocation().getColumnNr();
  }

  private static Fields object(JsonNode node, String path) throws UndecodedException {
    if (!node.isObject()) {
      String what = path.isEmpty() ? "the value" : "field " + path;
      throw new UndecodedException(what + " is no JSON object");
    }
    return new Fields(node, path.isEmpty() ? "" : path + ".");
  }

  /** A text that must be there. */
  String text(String name) throws UndecodedException {
    return optionalText(name)
        .orElseThrow(() -> new UndecodedException("field " + path + name + " is missing"));
  }

  Optional<String> optionalText(String name) throws UndecodedException {
    Optional<JsonNode> found = find(name);
    return found.isEmpty() ? Optional.empty() : text(found.get(), path + name);
  }

  private static Optional<String> text(JsonNode node, String where) throws UndecodedException {
    if (!node.isString()) {
      throw new UndecodedException("field " + where + " is no text");
    }
    String text = node.stringValue();
    if (text.length() > MOST_TEXT) {
      throw new UndecodedException("field " + where + " is longer than " + MOST_TEXT);
    }
    if (text.codePoints().anyMatch(Fields::isInvisible)) {
      throw new UndecodedException("field " + where + " has control characters");
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** What a terminal or a page might obey, or what hides other characters. */
  private static boolean isInvisible(int character) {
    int type = Character.getType(character);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }

  /** An address with the length of its network, such as {@code 10.0.0.1/24}. */
  Optional<String> optionalSubnet(String name) throws UndecodedException {
    Optional<String> text = optionalText(name);
    if (text.isPresent() && !SUBNET.matcher(text.get()).matches()) {
      throw new UndecodedException("field " + path + name + " is no address with its network");
    }
    return text;
  }

  /** False when it is not there. */
  boolean flag(String name) throws UndecodedException {
    Optional<JsonNode> found = find(name);
    if (found.isPresent() && !found.get().isBoolean()) {
      throw new UndecodedException("field " + path + name + " is neither true nor false");
    }
    return found.isPresent() && found.get().booleanValue();
  }

  /** A number of 32 bits from 0 on; 0 when it is not there. */
  long number(String name) throws UndecodedException {
    Optional<JsonNode> found = find(name);
    if (found.isEmpty()) {
      return 0;
    }
    JsonNode node = found.get();
    boolean isNumber = node.isIntegralNumber() && node.canConvertToLong();
    long number = isNumber ? node.longValue() : -1;
    if (number < 0 || number > 0xffff_ffffL) {
      throw new UndecodedException("field " + path + name + " is no number of 32 bits");
    }
    return number;
  }

  Optional<Fields> optionalObject(String name) throws UndecodedException {
    Optional<JsonNode> found = find(name);
    return found.isEmpty() ? Optional.empty() : Optional.of(object(found.get(), path + name));
  }

  /** The items of a list of texts; none when it is not there. */
  List<String> texts(String name) throws UndecodedException {
    List<String> texts = new ArrayList<>();
    Optional<JsonNode> found = find(name);
    if (found.isPresent()) {
      for (JsonNode item : items(found.get(), path + name)) {
        text(item, path + name).ifPresent(texts::add);
      }
    }
    return texts;
  }

  /** The items of a list of objects; none when it is not there. */
  List<Fields> objects(String name) throws UndecodedException {
    Optional<JsonNode> found = find(name);
    return found.isEmpty() ? List.of() : objects(found.get(), path + name);
  }

  /** The same of a list that stands as JSON in a text, as libnetwork has some. */
  List<Fields> objectsInText(String name) throws UndecodedException {
    Optional<JsonNode> inner = inText(name);
    return inner.isEmpty() || inner.get().isNull() ? List.of() : objects(inner.get(), path + name);
  }

  /** An object that stands as JSON in a text. */
  Fields objectInText(String name) throws UndecodedException {
    JsonNode inner =
        inText(name)
            .orElseThrow(() -> new UndecodedException("field " + path + name + " is missing"));
    return object(inner, path + name);
  }

  private Optional<JsonNode> inText(String name) throws UndecodedException {
    Optional<JsonNode> found = find(name);
    if (found.isPresent() && !found.get().isString()) {
      throw new UndecodedException("field " + path + name + " is no text");
    }
    return found.isEmpty() || found.get().stringValue().isEmpty()
        ? Optional.empty()
        : Optional.of(parsed(found.get().stringValue(), "field " + path + name));
  }

  private static List<Fields> objects(JsonNode list, String where) throws UndecodedException {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode item : items(list, where)) {
      objects.add(object(item, where));
    }
    return objects;
  }

  private static List<JsonNode> items(JsonNode list, String where) throws UndecodedException {
    if (!list.isArray()) {
      throw new UndecodedException("field " + where + " is no list");
    }
    if (list.size() > MOST_ITEMS) {
      throw new UndecodedException("field " + where + " has more than " + MOST_ITEMS + " items");
    }
    List<JsonNode> items = new ArrayList<>();
    list.forEach(items::add);
    return items;
  }

  private Optional<JsonNode> find(String name) {
    return Optional.ofNullable(object.get(name)).filter(found -> !found.isNull());
  }
}
