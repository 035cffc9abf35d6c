package io.kubekv.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The verbs that use a server, and what all verbs of a program share. */
public final class Verbs {
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
    } else {
      all.values().forEach(each -> program.addSubcommand(each.get()));
    }
  }

  /** In the order in which the help shows them. */
  private static Map<String, Supplier<CommandLine>> all(Terminal terminal) {
    Map<String, Supplier<CommandLine>> all = new LinkedHashMap<>();
    all.put("get", () -> verb(new GetCommand(terminal)));
    all.put("put", () -> verb(new PutCommand(terminal)));
    all.put("delete", () -> verb(new DeleteCommand(terminal)));
    all.put("list", () -> verb(new ListCommand(terminal)));
    all.put("watch", () -> verb(new WatchCommand(terminal)));
    all.put("lock", () -> verb(new LockCommand(terminal)));
    all.put("export", () -> verb(new ExportCommand(terminal)));
    all.put("import", () -> verb(new ImportCommand(terminal)));
    all.put("status", () -> verb(new StatusCommand(terminal)));
    all.put("cost", () -> new CommandLine(new CostCommand(terminal)));
    all.put("version", () -> new CommandLine(new VersionCommand(terminal, BuildInfo.own())));
    all.put("session", () -> session(terminal));
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

  /**
   * Has all verbs that a program has by now read their arguments and end with failures alike.
   *
   * @param advice what to do about a failure, said behind it; empty: nothing
   */
  public static void join(CommandLine program, Function<Throwable, String> advice) {
    program.setCaseInsensitiveEnumValuesAllowed(true);
    program.registerConverter(ByteSize.class, ByteSize::parse);
    program.registerConverter(Duration.class, Durations::parse);
    program.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println("kubekv: " + Failures.explain(failure, advice));
          return failure instanceof IllegalArgumentException
              ? CommandLine.ExitCode.USAGE
              : CommandLine.ExitCode.SOFTWARE;
        });
  }

  private static CommandLine verb(ClientCommand command) {
    CommandLine line = new CommandLine(command);
    Map<String, String> codes = ExitCodes.help();
    codes.putAll(command.moreExitCodes());
    line.getCommandSpec()
        .usageMessage()
        .sortOptions(false)
        .exitCodeListHeading("Exit codes:%n")
        .exitCodeList(codes);
    return line;
  }
}
