package io.kubekv.server;

import io.kubekv.cli.terminal.OptionGroups;
import java.lang.reflect.Member;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

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
    OptionGroups.show(
        command,
        Stream.of(Group.values()).map(group -> group.title).toList(),
        option -> group(option).title);
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
