package io.kubekv.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The program's verbs and options as completions of fish, which picocli does not write. */
final class FishCompletion {
  private final List<String> lines = new ArrayList<>();

  FishCompletion(CommandLine program) {
    lines.add("# completions of kubekv for fish");
    lines.add("complete -c kubekv -f");
    verbs(program, List.of());
  }

  String script() {
    return String.join("\n", lines) + "\n";
  }

  private void verbs(CommandLine at, List<String> above) {
    for (Map.Entry<String, CommandLine> verb : at.getSubcommands().entrySet()) {
      CommandSpec spec = verb.getValue().getCommandSpec();
      if (spec.usageMessage().hidden()) {
        continue;
      }
      String where = condition(above, at.getSubcommands().keySet().stream().toList());
      lines.add(
          "complete -c kubekv -n "
              + quoted(where)
              + " -a "
              + verb.getKey()
              + " -d "
              + quoted(first(spec.usageMessage().description())));
      List<String> path = new ArrayList<>(above);
      path.add(verb.getKey());
      options(spec, path);
      verbs(verb.getValue(), path);
    }
  }

  /** Where none of these verbs was written yet, and those above were. */
  private static String condition(List<String> above, List<String> verbs) {
    return above.isEmpty()
        ? "__fish_use_subcommand"
        : seen(above) + "; and not __fish_seen_subcommand_from " + String.join(" ", verbs);
  }

  private static String seen(List<String> path) {
    return String.join(
        "; and ", path.stream().map(verb -> "__fish_seen_subcommand_from " + verb).toList());
  }

  private void options(CommandSpec spec, List<String> path) {
    for (OptionSpec option : spec.options()) {
      if (option.hidden()) {
        continue;
      }
      StringBuilder line = new StringBuilder("complete -c kubekv -n " + quoted(seen(path)));
      for (String name : option.names()) {
        line.append(
            name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
      }
      if (option.arity().max() > 0) {
        line.append(" -r");
      }
      if (option.paramLabel().equals("FILE") || option.paramLabel().equals("DIR")) {
        line.append(" -F");
      }
      lines.add(line + " -d " + quoted(first(option.description())));
    }
  }

  private static String first(String[] description) {
    return description.length == 0 ? "" : description[0].replaceFirst("(\\.) .*", "$1");
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
