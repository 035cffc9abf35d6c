package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Spelling;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What somebody hears who calls a verb wrongly: a line that says what is wrong and what may have
 * been meant, and one that says where the help is.
 */
final class WrongUsage implements IParameterExceptionHandler {
  /** What the JDK puts in the place of what it cannot read. */
  private static final char UNREADABLE = '\ufffd';

  /** What others call our verbs. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "ls", "list",
          "rm", "delete",
          "del", "delete",
          "set", "put",
          "mk", "put --if-absent",
          "member", "members",
          "backup", "export",
          "restore", "import",
          "start", "serve",
          "elect", "lock");

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("kubekv: " + explain(wrong, command));
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCodes.USAGE;
  }

  /** Runs the verb that was parsed, unless an argument came as something else than was written. */
  static int execute(ParseResult parsed) {
    List<String> arguments = parsed.originalArgs();
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).indexOf(UNREADABLE) >= 0) {
        throw new ParameterException(
            verb(parsed).commandSpec().commandLine(),
            "argument "
                + (i + 1)
                + " is not text in UTF-8, or the locale is not (LANG=C.UTF-8 is one); bytes of a"
                + " value come by --file or standard input");
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static ParseResult verb(ParseResult parsed) {
    return parsed.hasSubcommand() ? verb(parsed.subcommand()) : parsed;
  }

  private static String explain(ParameterException wrong, CommandLine command) {
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      CommandSpec spec = command.getCommandSpec();
      if (unmatched.isUnknownOption()) {
        return spec.qualifiedName()
            + " has no option "
            + word
            + meant(Spelling.nearest(word.replaceFirst("=.*", ""), options(spec)));
      }
      if (!spec.subcommands().isEmpty() && spec.positionalParameters().isEmpty()) {
        return spec.qualifiedName()
            + " has no verb '"
            + word
            + "'"
            + meant(known(word, spec.subcommands()));
      }
      return "'" + word + "' is one argument too many for " + spec.qualifiedName();
    }
    return String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
  }

  private static Optional<String> known(String word, Map<String, CommandLine> verbs) {
    return Optional.ofNullable(ELSEWHERE.get(word))
        .filter(verb -> verbs.containsKey(verb.replaceFirst(" .*", "")))
        .or(() -> Spelling.nearest(word, visible(verbs)));
  }

  private static Collection<String> visible(Map<String, CommandLine> verbs) {
    List<String> visible = new ArrayList<>();
    verbs.forEach(
        (name, line) -> {
          if (!line.getCommandSpec().usageMessage().hidden()) {
            visible.add(name);
          }
        });
    return visible;
  }

  private static Collection<String> options(CommandSpec spec) {
    return spec.options().stream()
        .flatMap(option -> List.of(option.names()).stream())
        .filter(name -> name.startsWith("--"))
        .toList();
  }

  private static String meant(Optional<String> near) {
    return near.map(word -> ": did you mean " + word + "?").orElse("");
  }
}
