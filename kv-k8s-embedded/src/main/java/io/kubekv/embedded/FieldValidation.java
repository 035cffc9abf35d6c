package io.kubekv.embedded;

import java.util.List;
import java.util.stream.Stream;

/**
 * What happens to a write that has unknown or duplicate fields: the {@code fieldValidation} query
 * parameter of create, update and patch.
 */
enum FieldValidation {
  IGNORE,
  WARN,
  STRICT;

  /**
   * Reads the parameter; an empty text means Warn, as on a server since 1.27.
   *
   * @throws ApiException 400 for any other word
   */
  static FieldValidation parse(String parameter) {
    return switch (parameter) {
      case "", "Warn" -> WARN;
      case "Ignore" -> IGNORE;
      case "Strict" -> STRICT;
      default ->
          throw Statuses.badRequest(
              "fieldValidation: Unsupported value: "
                  + Statuses.quote(parameter)
                  + ": supported values: \"Ignore\", \"Strict\", \"Warn\"");
    };
  }

  /**
   * Applies the mode.
   *
   * @param duplicates paths of fields that the body names twice
   * @param unknown paths of fields that the schema does not name
   * @return texts for {@code Warning} headers; empty when there is nothing to say
   * @throws ApiException 400 naming every such field, when the mode is Strict
   */
  List<String> apply(ResourceType type, List<String> duplicates, List<String> unknown) {
    if (this == IGNORE || (duplicates.isEmpty() && unknown.isEmpty())) {
      return List.of();
    }
    List<String> problems =
        Stream.concat(
                duplicates.stream().map(path -> "duplicate field " + Statuses.quote(path)),
                unknown.stream().map(path -> "unknown field " + Statuses.quote(path)))
            .toList();
    if (this == STRICT) {
      throw Statuses.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
              .formatted(type.kind(), type.version(), type.kind(), String.join(", ", problems)));
    }
    return problems;
  }
}
