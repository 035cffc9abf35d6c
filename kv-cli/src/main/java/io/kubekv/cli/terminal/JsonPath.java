package io.kubekv.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A template as kubectl has them: text, and in braces what is taken of an object. Of kubectl's
 * paths there are fields ({@code {.entry.key}}, {@code {['key']}}), one element ({@code [0]}, from
 * the end {@code [-1]}), all of them ({@code [*]}) and text in quotes ({@code {"\n"}}). What is not
 * there is nothing; several are separated by a space.
 */
public final class JsonPath {
  private static final Pattern PART = Pattern.compile("\\{([^{}]*)}|([^{}]+)|[{}]");
  private static final Pattern STEP =
      Pattern.compile("\\.([A-Za-z0-9_-]+)|\\['([^']*)']|\\[(-?\\d{1,9})]|\\[(\\*)]");
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"");

  private final List<Function<JsonNode, String>> parts;

  private JsonPath(List<Function<JsonNode, String>> parts) {
    this.parts = List.copyOf(parts);
  }

  /** Reads a template; {@link IllegalArgumentException} naming what of it is none. */
  static JsonPath parse(String template) {
    List<Function<JsonNode, String>> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(template);
    while (matcher.find()) {
      String inBraces = matcher.group(1);
      String text = matcher.group(2);
      if (inBraces != null) {
        parts.add(expression(inBraces.strip()));
      } else if (text != null) {
        parts.add(node -> text);
      } else {
        throw wrong(template, "a brace has no other");
      }
    }
    if (parts.isEmpty()) {
      throw wrong(template, "it is empty");
    }
    return new JsonPath(parts);
  }

  /** What it makes of an object. */
  String of(JsonNode node) {
    return parts.stream().map(part -> part.apply(node)).collect(Collectors.joining());
  }

  private static Function<JsonNode, String> expression(String text) {
    Matcher quoted = QUOTED.matcher(text);
    if (quoted.matches()) {
      String literal = quoted.group(1).translateEscapes();
      return node -> literal;
    }
    List<Function<JsonNode, List<JsonNode>>> steps = new ArrayList<>();
    String path = text.startsWith("$") ? text.substring(1) : text;
    Matcher step = STEP.matcher(path);
    int end = 0;
    while (step.find() && step.start() == end) {
      steps.add(step(step));
      end = step.end();
    }
    if (path.isEmpty() || (end < path.length() && !path.equals("."))) {
      throw wrong(text, "a path is made of .FIELD, ['FIELD'], [N] and [*]");
    }
    return node -> walk(node, steps);
  }

  private static Function<JsonNode, List<JsonNode>> step(Matcher step) {
    Optional<String> field =
        Optional.ofNullable(step.group(1)).or(() -> Optional.ofNullable(step.group(2)));
    if (field.isPresent()) {
      return node -> present(node.path(field.get()));
    }
    if (step.group(4) != null) {
      return node -> node.valueStream().toList();
    }
    int index = Integer.parseInt(step.group(3));
    return node -> present(node.path(index < 0 ? node.size() + index : index));
  }

  private static List<JsonNode> present(JsonNode node) {
    return node.isMissingNode() ? List.of() : List.of(node);
  }

  private static String walk(JsonNode node, List<Function<JsonNode, List<JsonNode>>> steps) {
    List<JsonNode> found = List.of(node);
    for (Function<JsonNode, List<JsonNode>> step : steps) {
      found = found.stream().flatMap(each -> step.apply(each).stream()).toList();
    }
    return found.stream()
        .map(each -> each.isString() ? each.asString() : Json.line(each))
        .collect(Collectors.joining(" "));
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException("'" + text + "' is no JSONPath template: " + why);
  }
}
