package io.kubekv.cli;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Spelling;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
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

  /** How the parser begins to say that the value of an argument is none. */
  private static final String NO_VALUE = "Invalid value for ";

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
    err.println("kubekv: " + explain(wrong, command, arguments));
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

  private static String explain(
      ParameterException wrong, CommandLine command, String... arguments) {
    CommandSpec spec = command.getCommandSpec();
    if (wrong instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      return unmatched(unmatched, command);
    }
    if (wrong instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return unknown(spec, arguments)
          .orElseGet(() -> missing(missing.getMissing().getFirst(), spec));
    }
    if (wrong instanceof OverwrittenOptionException twice) {
      return name(twice.getOverwritten()) + " is given twice";
    }
    if (!spec.subcommands().isEmpty() && !(spec.userObject() instanceof Callable)) {
      return spec.qualifiedName() + " needs a verb: " + oneOf(visible(spec.subcommands()));
    }
    String said = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
    @Nullable ArgSpec argument = wrong.getArgSpec();
    return argument != null && said.startsWith(NO_VALUE)
        ? name(argument) + ": " + value(wrong, argument, said)
        : said;
  }

  private static String unmatched(UnmatchedArgumentException unmatched, CommandLine command) {
    String word = unmatched.getUnmatched().getFirst();
    CommandSpec spec = command.getCommandSpec();
    if (unmatched.isUnknownOption()) {
      return noOption(spec, word);
    }
    return !spec.subcommands().isEmpty() && spec.positionalParameters().isEmpty()
        ? noVerb(command, word)
        : "'" + word + "' is one argument too many for " + spec.qualifiedName();
  }

  /** What is no option, where the parser saw only that something else is missing. */
  private static Optional<String> unknown(CommandSpec spec, String... arguments) {
    return Arrays.stream(arguments)
        .takeWhile(word -> !word.equals("--"))
        .filter(word -> word.startsWith("--"))
        .filter(word -> !spec.optionsMap().containsKey(word.replaceFirst("=.*", "")))
        .findFirst()
        .map(word -> noOption(spec, word));
  }

  private static String noOption(CommandSpec spec, String word) {
    return spec.qualifiedName()
        + " has no option "
        + word
        + meant(Spelling.nearest(word.replaceFirst("=.*", ""), options(spec)));
  }

  /** Says that the program, or a verb that has others below it, has none of this name. */
  static String noVerb(CommandLine command, String word) {
    CommandSpec spec = command.getCommandSpec();
    return spec.qualifiedName()
        + " has no verb '"
        + word
        + "'"
        + meant(known(word, spec.subcommands()));
  }

  /** The value of an option, or what a verb cannot do without: this and what comes after it. */
  private static String missing(ArgSpec missing, CommandSpec spec) {
    if (missing instanceof PositionalParamSpec first) {
      return spec.qualifiedName()
          + " needs "
          + spec.positionalParameters().stream()
              .filter(each -> each.required() && each.index().min() >= first.index().min())
              .map(ArgSpec::paramLabel)
              .collect(Collectors.joining(" and "));
    }
    return name(missing) + " needs a value: " + missing.paramLabel();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /** What is wrong with it: the words of whoever read it, without those of the parser before. */
  private static String value(ParameterException wrong, ArgSpec argument, String said) {
    List<String> words = argument.typeInfo().getEnumConstantNames();
    return words.isEmpty()
        ? said.replaceFirst("^" + NO_VALUE + "[^:]*: ", "")
        : "'" + wrong.getValue() + "' is not " + oneOf(words).toLowerCase(Locale.ROOT);
  }

  private static String oneOf(List<String> words) {
    return words.size() < 2
        ? String.join("", words)
        : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
  }

  private static Optional<String> known(String word, Map<String, CommandLine> verbs) {
    return Optional.ofNullable(ELSEWHERE.get(word))
        .filter(verb -> verbs.containsKey(verb.replaceFirst(" .*", "")))
        .or(() -> Spelling.nearest(word, visible(verbs)));
  }

  private static List<String> visible(Map<String, CommandLine> verbs) {
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
