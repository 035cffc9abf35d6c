package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The part of JSONPath that CRDs use for printer columns and selectable fields: {@code .a.b},
 * {@code ['a.b']}, {@code [0]}, {@code [*]}, and {@code [?(@.type=="Ready")]}. Immutable.
 */
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<name>[^.\\[\\]]+)"
              + "|\\[(?<index>\\d+)\\]"
              + "|\\[(?<all>\\*)\\]"
              + "|\\['(?<quoted>[^']+)'\\]"
              + "|\\[\\?\\(@(?<field>[^=!<>]+?)\\s*==\\s*(?<q>[\"'])(?<wanted>.*?)\\k<q>\\)\\]");

  private final List<Function<JsonNode, Stream<JsonNode>>> steps;

  private JsonPath(List<Function<JsonNode, Stream<JsonNode>>> steps) {
    this.steps = steps;
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException naming the part that is not understood
   */
  static JsonPath compile(String path) {
    List<Function<JsonNode, Stream<JsonNode>>> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path);
    int end = 0;
    while (end < path.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new IllegalArgumentException(
            "is not a JSONPath of the kind .a.b, ['a'], [0], [*] or [?(@.a==\"b\")]: "
                + path.substring(end));
      }
      steps.add(step(matcher));
      end = matcher.end();
    }
    return new JsonPath(List.copyOf(steps));
  }

  /** Every value that the path leads to, in document order; empty when there is none. */
  List<JsonNode> find(JsonNode root) {
    Stream<JsonNode> found = Stream.of(root);
    for (Function<JsonNode, Stream<JsonNode>> step : steps) {
      found = found.flatMap(step);
    }
    return found.filter(value -> !value.isMissingNode()).toList();
  }

  private static Function<JsonNode, Stream<JsonNode>> step(Matcher matcher) {
    if (matcher.group("index") != null) {
      int index = Integer.parseInt(matcher.group("index"));
      return node -> Stream.of(node.path(index));
    }
    if (matcher.group("all") != null) {
      return JsonNode::valueStream;
    }
    if (matcher.group("field") != null) {
      JsonPath field = compile(matcher.group("field"));
      String wanted = matcher.group("wanted");
      return node -> node.valueStream().filter(element -> field.leadsTo(wanted, element));
    }
    String quoted = matcher.group("quoted");
    String name = quoted == null ? matcher.group("name") : quoted;
    return node -> Stream.of(node.path(name));
  }

  private boolean leadsTo(String wanted, JsonNode element) {
    return find(element).stream().anyMatch(value -> wanted.equals(value.asString("")));
  }
}
