package io.kubekv.server;

import java.lang.reflect.Member;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The options of {@code serve} in groups, as its help shows them. */
final class ServeHelp {
  /** What options are about, in the order of the help. */
  enum Group {
    LISTEN("Where it listens"),
    KEYS("Where the keys are kept"),
    TLS("TLS"),
    ACCESS("Who may do what"),
    LIMITS("Limits"),
    DOORS("The protocols"),
    OBSERVE("Log and traces"),
    PROGRAM("Configuration and help");

    private final String title;

    Group(String title) {
      this.title = title;
    }
  }

  private static final Set<String> LISTEN =
      Set.of("--advertise-client-urls", "--advertise-replica");
  private static final Set<String> KEYS =
      Set.of(
          "--data-dir",
          "--kubeconfig",
          "--in-cluster",
          "--context",
          "--namespace",
          "--lease-duration");
  private static final Set<String> LIMITS =
      Set.of(
          "--request-timeout",
          "--history-bytes",
          "--max-key-bytes",
          "--max-value-bytes",
          "--max-entries");

  private ServeHelp() {}

  /** Has the command's help show its options so. */
  static void show(CommandSpec command) {
    command
        .usageMessage()
        .sectionMap()
        .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, ServeHelp::render);
  }

  private static String render(Help help) {
    Map<Group, List<OptionSpec>> groups = new EnumMap<>(Group.class);
    for (OptionSpec option : help.commandSpec().options()) {
      groups.computeIfAbsent(group(option), unused -> new ArrayList<>()).add(option);
    }
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (group, options) -> {
          Help.Layout layout = help.createDefaultLayout();
          layout.addAllOptions(options, help.parameterLabelRenderer());
          text.append(String.format("%n%s:%n", group.title)).append(layout);
        });
    return text.toString();
  }

  /** By its name, otherwise by the class that declares it. */
  static Group group(OptionSpec option) {
    String name = option.longestName();
    if (name.endsWith("-listen") || LISTEN.contains(name)) {
      return Group.LISTEN;
    }
    if (KEYS.contains(name)) {
      return Group.KEYS;
    }
    if (LIMITS.contains(name)) {
      return Group.LIMITS;
    }
    return name.equals("--log-format") ? Group.OBSERVE : group(declaring(option));
  }

  private static Class<?> declaring(OptionSpec option) {
    return option.userObject() instanceof Member member ? member.getDeclaringClass() : Object.class;
  }

  private static Group group(Class<?> declaring) {
    if (declaring == TlsOptions.class) {
      return Group.TLS;
    }
    if (declaring == AccessOptions.class) {
      return Group.ACCESS;
    }
    if (declaring == LimitOptions.class) {
      return Group.LIMITS;
    }
    if (declaring == EtcdOptions.class) {
      return Group.KEYS;
    }
    if (declaring == TracingOptions.class) {
      return Group.OBSERVE;
    }
    return declaring == DoorOptions.class ? Group.DOORS : Group.PROGRAM;
  }
}
