package io.kubekv.cli.terminal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a verb prints what it was asked for.
 *
 * @param kind what kind of thing it prints
 * @param name as it is written on a command line
 * @param path of the kind {@link Kind#NODE}, what of each object; absent for all of it
 */
public record Format(Kind kind, String name, Optional<JsonPath> path) {
  /** What kind of thing is printed. */
  public enum Kind {
    /** The bare thing that a script wants, and nothing else. */
    VALUE,
    /** Columns for people. */
    TABLE,
    /** Objects: JSON, YAML or a template over them. */
    NODE
  }

  public static final Format VALUE = new Format(Kind.VALUE, "value", Optional.empty());
  public static final Format TABLE = new Format(Kind.TABLE, "table", Optional.empty());
  private static final Format JSON = new Format(Kind.NODE, "json", Optional.empty());
  private static final Format YAML = new Format(Kind.NODE, "yaml", Optional.empty());
  private static final String TEMPLATE = "jsonpath=";

  /** Reads what stands behind {@code -o}. */
  public static Format parse(String text) {
    if (text.startsWith(TEMPLATE)) {
      return new Format(
          Kind.NODE, text, Optional.of(JsonPath.parse(text.substring(TEMPLATE.length()))));
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "value" -> VALUE;
      case "table" -> TABLE;
      case "json" -> JSON;
      case "yaml" -> YAML;
      default ->
          throw new IllegalArgumentException(
              "'" + text + "' is not value, table, json, yaml or jsonpath=TEMPLATE");
    };
  }

  /** Prints an object: a line of JSON, a document of YAML, or a line that the template makes. */
  void print(PrintStream out, JsonNode node) {
    if (path.isPresent()) {
      out.println(path.get().of(node));
    } else if (this.equals(YAML)) {
      out.print(Yaml.document(node));
    } else {
      out.println(Json.line(node));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
