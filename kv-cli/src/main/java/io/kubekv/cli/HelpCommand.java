package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Spelling;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kubekv help}. */
@Command(name = "help", description = "Shows the help of a verb, or what verbs there are.")
final class HelpCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "VERB",
      description = "The verb, and one below it: session create.")
  List<String> verbs = new ArrayList<>();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help, and exits.")
  boolean help;

  @Spec @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine own = Objects.requireNonNull(spec).commandLine();
    CommandLine at = own.getParent();
    for (String verb : verbs) {
      CommandLine next = at.getSubcommands().get(verb);
      if (next == null) {
        throw new ParameterException(own, unknown(at, verb));
      }
      at = next;
    }
    at.usage(own.getOut());
    return ExitCodes.DONE;
  }

  private static String unknown(CommandLine at, String verb) {
    return at.getCommandSpec().qualifiedName()
        + " has no verb '"
        + verb
        + "'"
        + Spelling.nearest(verb, at.getSubcommands().keySet())
            .map(near -> ": did you mean " + near + "?")
            .orElse("");
  }
}
