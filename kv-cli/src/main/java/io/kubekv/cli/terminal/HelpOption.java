package io.kubekv.cli.terminal;

import picocli.CommandLine.Option;

/** What every verb has: its help. */
public final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help, and exits.")
  boolean shown;
}
