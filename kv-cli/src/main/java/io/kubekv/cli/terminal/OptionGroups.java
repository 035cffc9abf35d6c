package io.kubekv.cli.terminal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Options in groups, each below its title, as a command's help shows them. */
public final class OptionGroups {
  private OptionGroups() {}

  /**
   * Has the command's help show its options so.
   *
   * @param titles in the order of the help; one that has no option is left out
   * @param title which of them an option stands below
   */
  public static void show(
      CommandSpec command, List<String> titles, Function<OptionSpec, String> title) {
    command
        .usageMessage()
        .sectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> render(help, titles, title));
  }

  private static String render(Help help, List<String> titles, Function<OptionSpec, String> title) {
    Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
    titles.forEach(each -> groups.put(each, new ArrayList<>()));
    for (OptionSpec option : help.commandSpec().options()) {
      if (!option.hidden()) {
        groups.computeIfAbsent(title.apply(option), unused -> new ArrayList<>()).add(option);
      }
    }
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (each, options) -> {
          if (!options.isEmpty()) {
            Help.Layout layout = help.createDefaultLayout();
            layout.addAllOptions(options, help.parameterLabelRenderer());
            text.append(String.format("%n%s:%n", each)).append(layout);
          }
        });
    return text.toString();
  }
}
