package io.kubekv.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kubekv session}: the verbs below it. */
@Command(
    name = "session",
    description =
        "Begins, renews, ends and shows the sessions that locks are held by and keys end with.",
    synopsisSubcommandLabel = "COMMAND")
final class SessionCommand {
  @Option(names = "--help", usageHelp = true, description = "Shows this help, and exits.")
  boolean help;
}
