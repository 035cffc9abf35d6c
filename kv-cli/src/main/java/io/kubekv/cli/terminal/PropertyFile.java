package io.kubekv.cli.terminal;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file of lines {@code KEY = VALUE} that its user writes: the settings of {@code serve}, and the
 * contexts of the verbs. Its form is that of {@link Properties}.
 */
public final class PropertyFile {
  private PropertyFile() {}

  /**
   * The values by key, without white space at their ends.
   *
   * @throws FileSystemException naming the file, when it cannot be read or is not of that form
   */
  public static SortedMap<String, String> read(Path path) throws FileSystemException {
    Properties lines = new Properties();
    try (Reader reader = Files.newBufferedReader(path)) {
      lines.load(reader);
    } catch (FileSystemException named) {
      throw named;
    } catch (IOException unreadable) {
      throw new FileSystemException(path.toString(), null, FileProblems.explain(unreadable));
    } catch (IllegalArgumentException malformed) {
      throw new FileSystemException(
          path.toString(), null, "\\u without four hexadecimal digits; write a backslash as \\\\");
    }
    SortedMap<String, String> values = new TreeMap<>();
    lines.stringPropertyNames().forEach(key -> values.put(key, lines.getProperty(key, "").strip()));
    return values;
  }
}
