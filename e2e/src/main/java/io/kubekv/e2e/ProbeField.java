package io.kubekv.e2e;

import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Single fields of an answer. */
final class ProbeField {
  private static final JsonMapper JSON = JsonMapper.shared();

  private ProbeField() {}

  /** The header of that name, or the first JSON field; nothing if it has neither. */
  static Optional<String> of(String name, ProbeAnswer answer) {
    String header = answer.headers().get(name.toLowerCase(Locale.ROOT));
    if (header != null) {
      return Optional.of(header);
    }
    Matcher field =
        Pattern.compile("\"" + Pattern.quote(name) + "\": ?\"?([^\",}]*)").matcher(answer.body());
    return field.find() ? Optional.of(field.group(1)) : Optional.empty();
  }

  /**
   * The answer with what the probe wants looked at; unchanged where its body is no JSON object.
   * Such a body is not compared byte by byte, and neither is its length.
   */
  static ProbeAnswer narrow(Probe probe, ProbeAnswer answer) {
    if (probe.part().isEmpty() && !probe.onlyFields()) {
      return answer;
    }
    try {
      JsonNode tree = JSON.readTree(answer.body());
      answer.headers().remove("content-length");
      return answer.withBody(
          probe.onlyFields()
              ? new TreeSet<>(tree.propertyNames()).toString()
              : tree.path(probe.part().orElseThrow()).toString());
    } catch (JacksonException e) {
      return answer;
    }
  }
}
