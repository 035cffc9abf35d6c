package io.kubekv.cli.terminal;

import java.io.PrintStream;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** How a verb prints. */
public class OutputOptions {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description =
          "table, value (the bare thing, for scripts), json, yaml, or jsonpath=TEMPLATE as"
              + " jsonpath='{.key}', a line for each object (${DEFAULT-VALUE}).")
  Format format;

  /** Prints in this way where nobody says another. */
  public OutputOptions(Format usual) {
    this.format = usual;
  }

  public final Format.Kind kind() {
    return format.kind();
  }

  /** Prints an object where the kind is {@link Format.Kind#NODE}. */
  public final void print(PrintStream out, JsonNode node) {
    format.print(out, node);
  }
}
