package io.kubekv.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a verb prints whose table has a line above it. */
public final class TableOptions extends OutputOptions {
  @Option(names = "--no-headers", description = "Leave out the table's first line.")
  boolean noHeaders;

  /** Prints in this way where nobody says another. */
  public TableOptions(Format usual) {
    super(usual);
  }

  /** Prints rows below a line that names their columns. */
  public void table(PrintStream out, List<String> header, List<List<String>> rows) {
    List<List<String>> all = new ArrayList<>();
    if (!noHeaders) {
      all.add(header);
    }
    all.addAll(rows);
    Texts.table(out, all);
  }
}
