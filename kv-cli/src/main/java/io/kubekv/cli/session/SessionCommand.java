package io.kubekv.cli.session;

import io.kubekv.cli.terminal.HelpOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubekv session}: the verbs below it. */
@Command(
    name = "session",
    description =
        "Begins, renews, ends and shows the sessions that locks are held by and keys end with.",
    synopsisSubcommandLabel = "COMMAND")
public final class SessionCommand {
  @Mixin HelpOption help = new HelpOption();
}
