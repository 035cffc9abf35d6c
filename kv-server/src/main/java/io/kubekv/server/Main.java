package io.kubekv.server;

import io.kubekv.cli.BuildInfo;
import io.kubekv.cli.Verbs;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.transport.log.LogFormat;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The {@code kubekv} program. */
@Command(
    name = "kubekv",
    description =
        "A key-value store that keeps its keys in Kubernetes: the server, and verbs to use one.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildInfo.Lines.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  /** Set by the image's launcher, to its own name. */
  private static final String SCRIPT = "kubekv.script";

  private Main() {}

  public static void main(String[] given) {
    LogFormat.takeOver();
    String[] args = arguments(given, System.getProperties());
    int exitCode;
    try {
      exitCode = commandLine(args, System.getenv()).execute(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println("kubekv: " + wrong.getMessage());
      exitCode = CommandLine.ExitCode.USAGE;
    }
    System.exit(exitCode);
  }

  /**
   * What the program was called with. In the image it is a file whose first line names the Java
   * virtual machine, since there is no shell: the system puts the file's name before the rest.
   */
  static String[] arguments(String[] given, Properties properties) {
    boolean named = given.length > 0 && given[0].equals(properties.getProperty(SCRIPT));
    return named ? Arrays.copyOfRange(given, 1, given.length) : given;
  }

  /**
   * The command line, its defaults taken from the environment and the configuration file.
   *
   * @throws IllegalArgumentException when one of those holds an unknown setting
   */
  static CommandLine commandLine(String[] args, Map<String, String> environment) {
    return commandLine(args, Terminal.system(environment));
  }

  /** The same on a terminal of the caller's, which has the environment. */
  static CommandLine commandLine(String[] args, Terminal terminal) {
    CommandSpec options =
        CommandSpec.forAnnotatedObject(
            new ServeCommand(Settings.read(java.util.Set.of(), new String[0], Map.of())));
    // other verbs have arguments of their own, and are no business of the server's settings
    boolean serves = args.length > 0 && args[0].equals("serve");
    Settings settings =
        serves
            ? Settings.read(Settings.names(options), args, terminal.environment())
            : Settings.read(Settings.names(options), new String[0], Map.of());
    CommandLine serve = new CommandLine(new ServeCommand(settings));
    serve.setDefaultValueProvider(settings);
    ServeHelp.show(serve.getCommandSpec());
    CommandLine main = new CommandLine(new Main());
    main.addSubcommand(serve);
    main.addSubcommand(new WarmUpCommand());
    Verbs.addTo(main, terminal, args);
    main.addSubcommand(new PassOverCommand(terminal));
    Verbs.join(main);
    return main;
  }
}
