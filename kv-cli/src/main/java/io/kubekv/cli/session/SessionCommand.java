package io.kubekv.cli.session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubekv session}: the verbs below it. */
@Command(
    name = "session",
    description =
        "Begins, renews, ends and shows the sessions that locks are held by and keys end with.",
    synopsisSubcommandLabel = "COMMAND")
public final class SessionCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help, and exits.")
  boolean help;
}
