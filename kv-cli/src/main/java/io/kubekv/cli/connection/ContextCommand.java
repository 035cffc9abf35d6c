package io.kubekv.cli.connection;

import io.kubekv.cli.terminal.ExitCodes;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.Format;
import io.kubekv.cli.terminal.HelpOption;
import io.kubekv.cli.terminal.Json;
import io.kubekv.cli.terminal.TableOptions;
import io.kubekv.cli.terminal.Terminal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code kubekv context}: the verbs below it. */
@Command(
    name = "context",
    description = {
      "Keeps ways to servers by name, in ~/.config/kubekv/config (below XDG_CONFIG_HOME where that"
          + " is set).",
      "The chosen one counts for every verb whose server nobody names. The command line wins, then"
          + " the environment, then the context."
    },
    synopsisSubcommandLabel = "COMMAND")
public final class ContextCommand {
  @Mixin HelpOption help = new HelpOption();

  private ContextCommand() {}

  /** With the verbs below it. */
  public static CommandLine line(Terminal terminal) {
    return new CommandLine(new ContextCommand())
        .addSubcommand(new ListVerb(terminal))
        .addSubcommand(new UseVerb(terminal))
        .addSubcommand(new SetVerb(terminal))
        .addSubcommand(new DeleteVerb(terminal));
  }

  /** A verb on the contexts of the user. */
  abstract static class Verb implements Callable<Integer> {
    @Mixin HelpOption help = new HelpOption();

    final Terminal terminal;

    Verb(Terminal terminal) {
      this.terminal = terminal;
    }

    abstract void run(Contexts contexts);

    @Override
    public final Integer call() {
      run(Contexts.read(terminal.environment()));
      return ExitCodes.DONE;
    }

    static void write(Contexts contexts) {
      try {
        contexts.write();
      } catch (IOException failure) {
        throw new IllegalArgumentException(
            "the contexts cannot be kept in "
                + contexts.file()
                + ": "
                + FileProblems.explain(failure),
            failure);
      }
    }
  }

  /** {@code kubekv context list}. */
  @Command(name = "list", description = "Lists the contexts; * is beside the chosen one.")
  static final class ListVerb extends Verb {
    @Mixin TableOptions output = new TableOptions(Format.TABLE);

    ListVerb(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(Contexts contexts) {
      List<List<String>> rows = new ArrayList<>();
      for (String name : contexts.names()) {
        Map<Setting, String> settings = contexts.require(name);
        boolean chosen = contexts.current().filter(name::equals).isPresent();
        switch (output.kind()) {
          case VALUE -> terminal.out().println(name);
          case TABLE -> rows.add(row(name, chosen, settings));
          case NODE -> {
            ObjectNode node = Json.object().put("name", name).put("chosen", chosen);
            settings.forEach((setting, value) -> node.put(setting.word(), value));
            output.print(terminal.out(), node);
          }
        }
      }
      if (output.kind() == Format.Kind.TABLE) {
        output.table(terminal.out(), List.of("CHOSEN", "NAME", "SERVER", "SETTINGS"), rows);
      }
    }

    private static List<String> row(String name, boolean chosen, Map<Setting, String> settings) {
      List<String> others =
          settings.keySet().stream()
              .filter(setting -> setting != Setting.SERVER)
              .map(Setting::word)
              .toList();
      return List.of(
          chosen ? "*" : "",
          name,
          settings.getOrDefault(Setting.SERVER, "-"),
          others.isEmpty() ? "-" : String.join(",", others));
    }
  }

  /** {@code kubekv context use}. */
  @Command(name = "use", description = "Chooses the context that counts from now on.")
  static final class UseVerb extends Verb {
    @Parameters(paramLabel = "NAME", description = "The context.")
    String name = "";

    UseVerb(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(Contexts contexts) {
      contexts.use(name);
      write(contexts);
    }
  }

  /** {@code kubekv context set}. */
  @Command(
      name = "set",
      sortOptions = false,
      description = "Makes a context, or says more or other of one; what is not said stays.")
  static final class SetVerb extends Verb {
    @Parameters(paramLabel = "NAME", description = "The context.")
    String name = "";

    @Option(names = "--use", description = "Choose it, too.")
    boolean use;

    @Mixin ConnectionOptions connection = new ConnectionOptions();

    SetVerb(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(Contexts contexts) {
      Map<Setting, String> given = connection.given();
      if (given.isEmpty()) {
        throw new IllegalArgumentException("say what it is: --server HOST:PORT, and what else");
      }
      contexts.set(name, given);
      if (use) {
        contexts.use(name);
      }
      write(contexts);
    }
  }

  /** {@code kubekv context delete}. */
  @Command(name = "delete", description = "Forgets a context.")
  static final class DeleteVerb extends Verb {
    @Parameters(paramLabel = "NAME", description = "The context.")
    String name = "";

    DeleteVerb(Terminal terminal) {
      super(terminal);
    }

    @Override
    void run(Contexts contexts) {
      contexts.delete(name);
      write(contexts);
    }
  }
}
