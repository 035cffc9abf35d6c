package io.kubekv.e2e.attacks;

import io.kubekv.e2e.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * What the chart sets where nobody says otherwise: the limits and times of a store and of clients.
 */
final class Chart {
  /** Of all the memory of a container; a unit test compares. */
  static final long MEMORY = 1L << 30;

  private static final Path FOLDER = Path.of("helm", "kubekv");

  /** {@code - --max-entries={{ int64 .Values.store.maxEntries }}}. */
  private static final Pattern OPTION =
      Pattern.compile(
          "- (--[a-z-]+)=\\{\\{ (?:int64 )?\\.Values\\.((?:store|clients)\\.[A-Za-z]+) }}");

  private Chart() {}

  /** As options of {@code kubekv serve}, and then these. */
  static String[] and(String... further) throws IOException {
    List<String> all = new ArrayList<>(options());
    all.addAll(List.of(further));
    return all.toArray(String[]::new);
  }

  /** As options of {@code kubekv serve}; what has no value in the chart is left to kubekv. */
  static List<String> options() throws IOException {
    List<String> options = new ArrayList<>();
    Path template = FOLDER.resolve("templates").resolve("deployment.yaml");
    Matcher option = OPTION.matcher(Files.readString(Repository.root().resolve(template)));
    while (option.find()) {
      String value = value(option.group(2));
      if (!value.isEmpty()) {
        options.add(option.group(1) + "=" + value);
      }
    }
    return options;
  }

  /** One of its values, by the names that lead to it; empty where it has none. */
  static String value(String path) throws IOException {
    Path file = Repository.root().resolve(FOLDER).resolve("values.yaml");
    Object value = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    for (String name : path.split("\\.")) {
      value = value instanceof Map<?, ?> map ? map.get(name) : null;
    }
    return value == null ? "" : value.toString();
  }
}
