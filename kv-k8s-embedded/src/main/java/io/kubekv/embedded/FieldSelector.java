package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The {@code fieldSelector} query parameter: {@code metadata.name}, {@code metadata.namespace} and
 * the type's selectable fields, each with {@code =}, {@code ==} or {@code !=}. Immutable.
 *
 * <p>A field that an object does not have counts as the empty string.
 */
record FieldSelector(List<Requirement> requirements) {
  /** Selects every object. */
  static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  FieldSelector {
    requirements = List.copyOf(requirements);
  }

  /** One requirement on one field. */
  record Requirement(String field, JsonPath path, boolean equal, String value) {
    boolean holds(JsonNode object) {
      List<JsonNode> found = path.find(object);
      String actual = found.isEmpty() ? "" : found.getFirst().asString("");
      return actual.equals(value) == equal;
    }
  }

  /**
   * Reads the parameter; an empty text selects everything.
   *
   * @throws ApiException 400 when it is not a selector or names a field that cannot be selected by
   */
  static FieldSelector parse(String selector, ResourceType type) {
    if (selector.isBlank()) {
      return EVERYTHING;
    }
    List<Requirement> requirements = new ArrayList<>();
    for (String term : terms(selector)) {
      if (!term.isBlank()) {
        requirements.add(requirement(selector, term, type));
      }
    }
    return new FieldSelector(requirements);
  }

  /** Whether the object is selected. */
  boolean matches(JsonNode object) {
    for (Requirement requirement : requirements) {
      if (!requirement.holds(object)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every object is selected. */
  boolean isEverything() {
    return requirements.isEmpty();
  }

  /** The only name that can match, when the selector asks for one name. */
  Optional<String> exactName() {
    return requirements.stream()
        .filter(requirement -> requirement.equal() && requirement.field().equals("metadata.name"))
        .map(Requirement::value)
        .findFirst();
  }

  private static Requirement requirement(String selector, String term, ResourceType type) {
    for (String operator : List.of("!=", "==", "=")) {
      int at = indexOfUnescaped(term, operator);
      if (at >= 0) {
        String field = term.substring(0, at).strip();
        if (!isSelectable(field, type)) {
          throw Statuses.badRequest("field label not supported: " + field);
        }
        String value = unescape(selector, term.substring(at + operator.length()));
        return new Requirement(field, JsonPath.compile("." + field), !operator.equals("!="), value);
      }
    }
    throw refused(selector, term);
  }

  private static boolean isSelectable(String field, ResourceType type) {
    return field.equals("metadata.name")
        || field.equals("metadata.namespace")
        || type.selectableFields().contains("." + field);
  }

  private static List<String> terms(String selector) {
    List<String> terms = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < selector.length(); i++) {
      if (selector.charAt(i) == '\\') {
        i++;
      } else if (selector.charAt(i) == ',') {
        terms.add(selector.substring(start, i));
        start = i + 1;
      }
    }
    terms.add(selector.substring(start));
    return terms;
  }

  private static int indexOfUnescaped(String term, String operator) {
    for (int i = 0; i < term.length(); i++) {
      if (term.charAt(i) == '\\') {
        i++;
      } else if (term.startsWith(operator, i)) {
        return i;
      }
    }
    return -1;
  }

  private static String unescape(String selector, String value) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
        if (i == value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
          throw refused(selector, value);
        }
        c = value.charAt(i);
      } else if (c == '=') {
        throw refused(selector, value);
      }
      plain.append(c);
    }
    return plain.toString();
  }

  private static ApiException refused(String selector, String part) {
    return Statuses.badRequest(
        "invalid selector: '%s'; can't understand '%s'".formatted(selector, part));
  }
}
