package io.kubekv.cli;

import io.kubekv.cli.terminal.Terminal;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code kubekv} of those whose server runs elsewhere: the verbs that use one. */
@Command(
    name = "kubekv",
    description =
        "Verbs to use a server of kubekv, a key-value store that keeps its keys in Kubernetes. The"
            + " server itself is not in this distribution.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildInfo.Lines.class,
    synopsisSubcommandLabel = "COMMAND")
final class Main {
  private Main() {}

  public static void main(String[] args) {
    // of what gRPC and Netty log, a verb's own words say what a person needs
    Logger.getLogger("").setLevel(Level.OFF);
    System.exit(program(Terminal.system(System.getenv()), args).execute(args));
  }

  /**
   * The program on a terminal.
   *
   * @param args what it is called with
   */
  static CommandLine program(Terminal terminal, String... args) {
    CommandLine program = new CommandLine(new Main());
    Verbs.addTo(program, terminal, args);
    program.addSubcommand(new WarmUpCommand());
    Verbs.join(program);
    return program;
  }
}
