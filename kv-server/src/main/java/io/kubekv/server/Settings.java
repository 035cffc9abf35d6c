package io.kubekv.server;

import io.kubekv.cli.Verbs;
import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.PropertyFile;
import io.kubekv.cli.terminal.Spelling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The values of options that were not given on the command line: first the environment variable
 * ({@code --etcd-listen} is {@code KUBEKV_ETCD_LISTEN}), then the configuration file ({@code
 * etcd-listen = ...}), then the default. A name that is no option is refused.
 */
final class Settings implements IDefaultValueProvider {
  private static final String PREFIX = "KUBEKV_";

  /** Variables that the launcher and the end-to-end commands read or set. */
  private static final Set<String> OTHERS =
      Set.of(
          "KUBEKV_JAVA_HOME",
          "KUBEKV_JAVA_OPTS",
          "KUBEKV_CLIENT_CACHE",
          "KUBEKV_CONFIG",
          "KUBEKV_CACHE",
          "KUBEKV_LOG_LEVEL");

  /** Options that say what to do, not how to serve. */
  private static final Set<String> ACTIONS = Set.of("help", "version", "config", "print-config");

  private final Map<String, String> fromEnvironment;
  private final Map<String, String> file;
  private final Map<String, String> variables;

  private Settings(
      Map<String, String> fromEnvironment,
      Map<String, String> file,
      Map<String, String> variables) {
    this.fromEnvironment = fromEnvironment;
    this.file = file;
    this.variables = variables;
  }

  /**
   * Reads the environment, and the file that {@code --config} or {@code KUBEKV_CONFIG} names.
   *
   * @param known the names of all settings
   * @throws IllegalArgumentException naming a setting that does not exist, or an unreadable file
   */
  static Settings read(Set<String> known, String[] args, Map<String, String> environment) {
    Map<String, String> fromEnvironment = new TreeMap<>();
    environment.forEach(
        (variable, value) -> {
          if (variable.startsWith(PREFIX) && !isOfOthers(variable)) {
            fromEnvironment.put(setting(variable), value);
          }
        });
    refuseUnknown("the environment", fromEnvironment.keySet(), known, Settings::variable);
    Map<String, String> fromFile = new TreeMap<>();
    configFile(args, environment)
        .ifPresent(
            path -> {
              fromFile.putAll(load(path));
              refuseUnknown(path.toString(), fromFile.keySet(), known, name -> name);
            });
    return new Settings(fromEnvironment, fromFile, environment);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    String name = argument instanceof OptionSpec option ? name(option) : "";
    String value = fromEnvironment.get(name);
    return value == null ? file.get(name) : value;
  }

  /** Whether somebody has said the value of an option. */
  boolean isGiven(OptionSpec option, boolean onCommandLine) {
    return onCommandLine || defaultValue(option) != null;
  }

  /**
   * Where the data of this user is by the XDG base directory specification; without a home, which
   * some services have not, below the current folder.
   */
  Path dataFolder() {
    return folder("XDG_DATA_HOME")
        .or(() -> folder("HOME").or(Settings::passwdHome).map(home -> home.resolve(".local/share")))
        .orElse(Path.of(""))
        .resolve("kubekv");
  }

  private Optional<Path> folder(String variable) {
    return Optional.ofNullable(variables.get(variable)).map(Path::of).filter(Path::isAbsolute);
  }

  /** "?" is the JDK's for a user who has none. */
  private static Optional<Path> passwdHome() {
    return Optional.ofNullable(System.getProperty("user.home"))
        .map(Path::of)
        .filter(Path::isAbsolute);
  }

  /** All variables of the process, also those that are no settings. */
  Map<String, String> environment() {
    return variables;
  }

  /** Where the value of an option comes from, for a person. */
  String source(OptionSpec option, boolean onCommandLine) {
    String name = name(option);
    if (onCommandLine) {
      return "command line";
    }
    if (fromEnvironment.containsKey(name)) {
      return "environment";
    }
    return file.containsKey(name) ? "file" : "default";
  }

  /** The settings of a command: its options but for those that are actions, in order of name. */
  static Set<String> names(CommandSpec command) {
    Set<String> names = new TreeSet<>();
    command.options().forEach(option -> names.add(name(option)));
    names.removeAll(ACTIONS);
    return names;
  }

  private static String name(OptionSpec option) {
    return option.longestName().replaceFirst("^--", "");
  }

  private static boolean isOfOthers(String variable) {
    return OTHERS.contains(variable) || Verbs.variables().contains(variable);
  }

  private static String variable(String setting) {
    return PREFIX + setting.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static String setting(String variable) {
    return variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Optional<Path> configFile(String[] args, Map<String, String> environment) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith("--config=")) {
        return Optional.of(Path.of(args[i].substring("--config=".length())));
      }
      if (args[i].equals("--config") && i + 1 < args.length) {
        return Optional.of(Path.of(args[i + 1]));
      }
    }
    return Optional.ofNullable(environment.get("KUBEKV_CONFIG")).map(Path::of);
  }

  private static Map<String, String> load(Path path) {
    try {
      return PropertyFile.read(path);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "cannot read the configuration file: " + FileProblems.explain(unreadable), unreadable);
    }
  }

  /** One by one: what may have been meant stands beside each. */
  private static void refuseUnknown(
      String where, Set<String> given, Set<String> known, UnaryOperator<String> asThere) {
    Set<String> unknown = new TreeSet<>(given);
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      String names =
          unknown.stream()
              .map(
                  name ->
                      asThere.apply(name)
                          + Spelling.nearest(name, known)
                              .map(near -> " (did you mean " + asThere.apply(near) + "?)")
                              .orElse(""))
              .collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          where + " sets " + names + ", which kubekv serve does not know; see kubekv serve --help");
    }
  }
}
