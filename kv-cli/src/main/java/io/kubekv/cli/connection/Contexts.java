package io.kubekv.cli.connection;

import io.kubekv.cli.terminal.FileProblems;
import io.kubekv.cli.terminal.PropertyFile;
import io.kubekv.cli.terminal.Spelling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ways to servers by name, in a file of the user's: lines {@code NAME.SETTING = VALUE}, and {@code
 * current-context = NAME} for the one that counts where nobody says another. The form is that of
 * the configuration file of {@code serve}.
 */
final class Contexts {
  private static final String CURRENT = "current-context";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private final Path file;
  private final SortedMap<String, Map<Setting, String>> all = new TreeMap<>();
  private @Nullable String current;

  private Contexts(Path file) {
    this.file = file;
  }

  /** Those of the user; none where there is no file. What is wrong with it names the line. */
  static Contexts read(Map<String, String> environment) {
    Contexts contexts = new Contexts(place(environment));
    if (!Files.exists(contexts.file)) {
      return contexts;
    }
    try {
      PropertyFile.read(contexts.file).forEach(contexts::line);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException(
          "the contexts cannot be read: " + FileProblems.explain(unreadable), unreadable);
    }
    return contexts;
  }

  /** By the XDG base directory specification. */
  private static Path place(Map<String, String> environment) {
    return absolute(environment.get("XDG_CONFIG_HOME"))
        .or(() -> absolute(environment.get("HOME")).map(home -> home.resolve(".config")))
        .orElse(Path.of(""))
        .resolve("kubekv")
        .resolve("config");
  }

  private static Optional<Path> absolute(@Nullable String folder) {
    return Optional.ofNullable(folder).map(Path::of).filter(Path::isAbsolute);
  }

  private void line(String name, String value) {
    if (name.equals(CURRENT)) {
      current = value;
      return;
    }
    int dot = name.indexOf('.');
    String word = name.substring(dot + 1);
    Setting setting =
        Setting.ofWord(word)
            .filter(known -> dot > 0)
            .orElseThrow(() -> unknown(name, dot > 0 ? word : name, dot > 0));
    settings(name.substring(0, dot)).put(setting, value);
  }

  private IllegalArgumentException unknown(String line, String word, boolean hasName) {
    String meant =
        Spelling.nearest(word, hasName ? Setting.words() : List.of(CURRENT))
            .map(near -> "did you mean " + near + "?")
            .orElse("a line is NAME.SETTING = VALUE with one of " + Setting.words());
    return new IllegalArgumentException(
        file + " has a line '" + line + "', which kubekv does not know: " + meant);
  }

  private Map<Setting, String> settings(String name) {
    return all.computeIfAbsent(name, unused -> new EnumMap<>(Setting.class));
  }

  Path file() {
    return file;
  }

  List<String> names() {
    return new ArrayList<>(all.keySet());
  }

  Optional<String> current() {
    return Optional.ofNullable(current);
  }

  /** What one says; {@link IllegalArgumentException} when there is none of this name. */
  Map<Setting, String> require(String name) {
    Map<Setting, String> found = all.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "there is no context '"
              + name
              + "' in "
              + file
              + ": "
              + (all.isEmpty()
                  ? "make one with kubekv context set NAME --server HOST:PORT"
                  : "it has " + String.join(", ", all.keySet())));
    }
    return found;
  }

  /** Chooses the one that counts from now on. */
  void use(String name) {
    var unused = require(name);
    current = name;
  }

  /** Adds one, or says more or other of it. */
  void set(String name, Map<Setting, String> more) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a context: letters, digits, - and _ are");
    }
    more.forEach(Contexts::requireOneLine);
    more.forEach(
        (setting, value) ->
            settings(name)
                .put(
                    setting,
                    setting.isFile() ? Path.of(value).toAbsolutePath().toString() : value));
  }

  /** Else the rest would be a line of its own, and the file no longer one of contexts. */
  private static void requireOneLine(Setting setting, String value) {
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
      throw new IllegalArgumentException(
          setting.option() + " has a line break, and each setting of a context is one line");
    }
  }

  void delete(String name) {
    var unused = require(name);
    all.remove(name);
    if (name.equals(current)) {
      current = null;
    }
  }

  /** Replaces the file by one that says this; nobody else may read it. */
  void write() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# the servers of kubekv's verbs, as kubekv context keeps them");
    current().ifPresent(name -> lines.add(CURRENT + " = " + name));
    all.forEach(
        (name, settings) ->
            settings.forEach(
                (setting, value) ->
                    lines.add(name + "." + setting.word() + " = " + value.replace("\\", "\\\\"))));
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path fresh =
        Files.createTempFile(
            folder,
            "config",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(fresh, lines);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
