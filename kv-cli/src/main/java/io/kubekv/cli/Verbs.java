package io.kubekv.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;

/** The verbs that use a server, and what all verbs of a program share. */
public final class Verbs {
  private Verbs() {}

  /** Adds them to the program. */
  public static void addTo(CommandLine program, Terminal terminal) {
    CommandLine session =
        new CommandLine(new SessionCommand())
            .addSubcommand(verb(new SessionCreateCommand(terminal)))
            .addSubcommand(verb(new SessionRenewCommand(terminal)))
            .addSubcommand(verb(new SessionDestroyCommand(terminal)))
            .addSubcommand(verb(new SessionListCommand(terminal)))
            .addSubcommand(verb(new SessionShowCommand(terminal)))
            .addSubcommand(verb(new SessionKeysCommand(terminal)));
    List.of(
            verb(new GetCommand(terminal)),
            verb(new PutCommand(terminal)),
            verb(new DeleteCommand(terminal)),
            verb(new ListCommand(terminal)),
            verb(new WatchCommand(terminal)),
            verb(new LockCommand(terminal)),
            verb(new ExportCommand(terminal)),
            verb(new ImportCommand(terminal)),
            verb(new StatusCommand(terminal)),
            new CommandLine(new CostCommand(terminal)),
            new CommandLine(new VersionCommand(terminal, BuildInfo.own())),
            session)
        .forEach(program::addSubcommand);
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
