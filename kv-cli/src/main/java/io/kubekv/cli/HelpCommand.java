package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import picocli.CommandLine.Command;

/** {@code kubekv help}. */
@Command(name = "help", description = "Shows the help of a verb, or what verbs there are.")
final class HelpCommand extends AboutVerb {
  @Override
  public Integer call() {
    named().usage(own().getOut());
    return ExitCodes.DONE;
  }
}
