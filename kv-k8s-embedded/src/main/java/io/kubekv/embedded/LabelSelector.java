package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The {@code labelSelector} query parameter: requirements that all must hold, in the syntax of
 * k8s.io/apimachinery/pkg/labels ({@code a=b}, {@code a==b}, {@code a!=b}, {@code a in (b,c)},
 * {@code a notin (b,c)}, {@code a}, {@code !a}, {@code a>1}, {@code a<1}). Immutable.
 */
record LabelSelector(List<Requirement> requirements) {
  /** Selects every object. */
  static final LabelSelector EVERYTHING = new LabelSelector(List.of());

  private static final String NAME = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final Pattern KEY = Pattern.compile("(?:[a-z0-9][-a-z0-9.]{0,252}/)?" + NAME);
  private static final Pattern VALUE = Pattern.compile("(?:" + NAME + ")?");
  private static final Pattern TERM =
      Pattern.compile(
          "\\s*(?:!\\s*(?<absent>[^\\s=!<>(),]+)"
              + "|(?<set>[^\\s=!<>(),]+)\\s+(?<in>in|notin)\\s*\\((?<values>[^()]*)\\)"
              + "|(?<key>[^\\s=!<>(),]+)\\s*(?:(?<op>==|=|!=|>|<)\\s*(?<value>[^\\s=!<>(),]*))?"
              + ")\\s*");

  LabelSelector {
    requirements = List.copyOf(requirements);
  }

  /** One requirement on one label. */
  record Requirement(String key, Operator operator, Set<String> values) {
    boolean holds(JsonNode labels) {
      JsonNode label = labels.path(key);
      boolean present = label.isString();
      return switch (operator) {
        case EXISTS -> present;
        case ABSENT -> !present;
        case IN -> present && values.contains(label.asString());
        case NOT_IN -> !present || !values.contains(label.asString());
        case GREATER -> present && compare(label.asString()) > 0;
        case LESS -> present && compare(label.asString()) < 0;
      };
    }

    /** The label against the bound; 0, which satisfies neither, when the label is no number. */
    private int compare(String label) {
      try {
        return Long.compare(Long.parseLong(label), Long.parseLong(values.iterator().next()));
      } catch (NumberFormatException e) {
        return 0;
      }
    }
  }

  /** What is required of a label. */
  enum Operator {
    EXISTS,
    ABSENT,
    IN,
    NOT_IN,
    GREATER,
    LESS
  }

  /**
   * Reads the parameter; an empty text selects everything.
   *
   * @throws ApiException 400 when it is not a selector
   */
  static LabelSelector parse(String selector) {
    if (selector.isBlank()) {
      return EVERYTHING;
    }
    List<Requirement> requirements = new ArrayList<>();
    Matcher matcher = TERM.matcher(selector);
    int end = -1;
    do {
      int start = end + 1;
      if (!matcher.find(start) || matcher.start() != start) {
        throw refused(selector, "found " + Statuses.quote(selector.substring(start)));
      }
      requirements.add(requirement(selector, matcher));
      end = matcher.end();
      if (end < selector.length() && selector.charAt(end) != ',') {
        String why = "found " + Statuses.quote(selector.substring(end));
        throw refused(selector, why + ", expected: ',' or 'end of string'");
      }
    } while (end < selector.length());
    return new LabelSelector(requirements);
  }

  /** Whether an object with these labels is selected; a missing node stands for no labels. */
  boolean matches(JsonNode labels) {
    for (Requirement requirement : requirements) {
      if (!requirement.holds(labels)) {
        return false;
      }
    }
    return true;
  }

  /** Whether every object is selected. */
  boolean isEverything() {
    return requirements.isEmpty();
  }

  private static Requirement requirement(String selector, Matcher matcher) {
    Requirement requirement = read(selector, matcher);
    if (!KEY.matcher(requirement.key()).matches()) {
      throw refused(selector, Statuses.quote(requirement.key()) + " is not a label key");
    }
    for (String value : requirement.values()) {
      if (!VALUE.matcher(value).matches()) {
        throw refused(selector, Statuses.quote(value) + " is not a label value");
      }
    }
    return requirement;
  }

  private static Requirement read(String selector, Matcher matcher) {
    if (matcher.group("absent") != null) {
      return new Requirement(matcher.group("absent"), Operator.ABSENT, Set.of());
    }
    if (matcher.group("set") != null) {
      Operator operator = matcher.group("in").equals("in") ? Operator.IN : Operator.NOT_IN;
      Set<String> values =
          Stream.of(matcher.group("values").split(",", -1))
              .map(String::strip)
              .collect(Collectors.toUnmodifiableSet());
      return new Requirement(matcher.group("set"), operator, values);
    }
    String operator = matcher.group("op");
    if (operator == null) {
      return new Requirement(matcher.group("key"), Operator.EXISTS, Set.of());
    }
    String value = matcher.group("value");
    return switch (operator) {
      case "=", "==" -> new Requirement(matcher.group("key"), Operator.IN, Set.of(value));
      case "!=" -> new Requirement(matcher.group("key"), Operator.NOT_IN, Set.of(value));
      case ">" -> bound(selector, matcher.group("key"), Operator.GREATER, value);
      default -> bound(selector, matcher.group("key"), Operator.LESS, value);
    };
  }

  private static Requirement bound(String selector, String key, Operator operator, String value) {
    try {
      return new Requirement(key, operator, Set.of(Long.toString(Long.parseLong(value))));
    } catch (NumberFormatException e) {
      throw refused(selector, "for 'Gt', 'Lt' operators, the value must be an integer");
    }
  }

  private static ApiException refused(String selector, String why) {
    return Statuses.badRequest(
        "unable to parse labelSelector " + Statuses.quote(selector) + ": " + why);
  }
}
