package io.kubekv.cli;

import io.kubekv.cli.connection.ClientCommand;
import io.kubekv.cli.connection.ContextCommand;
import io.kubekv.cli.connection.ServerOptions;
import io.kubekv.cli.inspect.AuthCommand;
import io.kubekv.cli.inspect.CostCommand;
import io.kubekv.cli.inspect.MembersCommand;
import io.kubekv.cli.inspect.StatusCommand;
import io.kubekv.cli.keys.DeleteCommand;
import io.kubekv.cli.keys.GetCommand;
import io.kubekv.cli.keys.ListCommand;
import io.kubekv.cli.keys.PutCommand;
import io.kubekv.cli.keys.TxnCommand;
import io.kubekv.cli.keys.WatchCommand;
import io.kubekv.cli.session.LockCommand;
import io.kubekv.cli.session.SessionCommand;
import io.kubekv.cli.session.SessionCreateCommand;
import io.kubekv.cli.session.SessionDestroyCommand;
import io.kubekv.cli.session.SessionKeysCommand;
import io.kubekv.cli.session.SessionListCommand;
import io.kubekv.cli.session.SessionRenewCommand;
import io.kubekv.cli.session.SessionShowCommand;
import io.kubekv.cli.terminal.ByteSize;
import io.kubekv.cli.terminal.Durations;
import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.Failures;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.OptionGroups;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.cli.transfer.ExportCommand;
import io.kubekv.cli.transfer.ImportCommand;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The verbs that use a server, and what all verbs of a program share. */
public final class Verbs {
  private static final String OWN = "Options";
  private static final String CONNECTION = "The way to the server";
  private static final String SMALL = "a whole number of at most " + Integer.MAX_VALUE;

  private Verbs() {}

  /**
   * Adds them to the program. Where the first word names one, that one alone: to look at what all
   * of them take costs as much as a call to the server.
   *
   * @param arguments what the program was called with
   */
  public static void addTo(CommandLine program, Terminal terminal, String... arguments) {
    Map<String, Supplier<CommandLine>> all = all(terminal);
    @Nullable Supplier<CommandLine> named = arguments.length == 0 ? null : all.get(arguments[0]);
    if (named != null) {
      program.addSubcommand(named.get());
      return;
    }
    all.values().forEach(each -> program.addSubcommand(each.get()));
    program.addSubcommand(new HelpCommand());
    program.addSubcommand(new CompletionCommand());
    program.addSubcommand(new ManCommand());
  }

  /** The environment variables that verbs read or set; none is a setting of a server. */
  public static Set<String> variables() {
    return ClientCommand.variables();
  }

  /** In the order in which the help shows them. */
  private static Map<String, Supplier<CommandLine>> all(Terminal terminal) {
    Map<String, Supplier<CommandLine>> all = new LinkedHashMap<>();
    all.put("get", () -> verb(new GetCommand(terminal)));
    all.put("put", () -> verb(new PutCommand(terminal)));
    all.put("delete", () -> verb(new DeleteCommand(terminal)));
    all.put("list", () -> verb(new ListCommand(terminal)));
    all.put("watch", () -> verb(new WatchCommand(terminal)));
    all.put("txn", () -> verb(new TxnCommand(terminal)));
    all.put("lock", () -> verb(new LockCommand(terminal)));
    all.put("session", () -> session(terminal));
    all.put("export", () -> verb(new ExportCommand(terminal)));
    all.put("import", () -> verb(new ImportCommand(terminal)));
    all.put("status", () -> verb(new StatusCommand(terminal)));
    all.put("members", () -> verb(new MembersCommand(terminal)));
    all.put("auth", () -> AuthCommand.line(verb(new AuthCommand.CanICommand(terminal))));
    all.put("context", () -> ContextCommand.line(terminal));
    all.put("cost", () -> new CommandLine(new CostCommand(terminal)));
    all.put("version", () -> new CommandLine(new VersionCommand(terminal, BuildInfo.own())));
    return all;
  }

  private static CommandLine session(Terminal terminal) {
    return new CommandLine(new SessionCommand())
        .addSubcommand(verb(new SessionCreateCommand(terminal)))
        .addSubcommand(verb(new SessionRenewCommand(terminal)))
        .addSubcommand(verb(new SessionDestroyCommand(terminal)))
        .addSubcommand(verb(new SessionListCommand(terminal)))
        .addSubcommand(verb(new SessionShowCommand(terminal)))
        .addSubcommand(verb(new SessionKeysCommand(terminal)));
  }

  /** Has all verbs that a program has by now read their arguments and end with failures alike. */
  public static void join(CommandLine program) {
    program.setCaseInsensitiveEnumValuesAllowed(true);
    program.registerConverter(ByteSize.class, reading(ByteSize::parse));
    program.registerConverter(Duration.class, reading(Durations::parse));
    program.registerConverter(Format.class, reading(Format::parse));
    program.registerConverter(URI.class, reading(Verbs::url));
    program.registerConverter(int.class, reading(number(Integer::valueOf, SMALL)));
    program.registerConverter(long.class, reading(number(Long::valueOf, "a whole number")));
    program.registerConverter(double.class, reading(number(Double::valueOf, "a number")));
    program.setParameterExceptionHandler(new WrongUsage());
    program.setExecutionStrategy(WrongUsage::execute);
    program.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println("kubekv: " + Failures.explain(failure));
          return failure instanceof IllegalArgumentException
              ? CommandLine.ExitCode.USAGE
              : CommandLine.ExitCode.SOFTWARE;
        });
  }

  /** So that what is wrong is said in our words, without the name of a class. */
  private static <T> ITypeConverter<T> reading(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(String.valueOf(wrong.getMessage()));
      }
    };
  }

  private static <N> Function<String, N> number(Function<String, N> parse, String kind) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (NumberFormatException none) {
        throw new IllegalArgumentException("'" + text + "' is not " + kind, none);
      }
    };
  }

  private static URI url(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException none) {
      throw new IllegalArgumentException("'" + text + "' is no URL");
    }
  }

  private static CommandLine verb(ClientCommand command) {
    CommandLine line = new CommandLine(command);
    Map<String, String> codes = ExitCodes.help();
    codes.putAll(command.moreExitCodes());
    line.getCommandSpec()
        .usageMessage()
        .sortOptions(false)
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(codes);
    OptionGroups.show(
        line.getCommandSpec(),
        List.of(OWN, CONNECTION),
        option -> ServerOptions.isOne(option) ? CONNECTION : OWN);
    return line;
  }
}
