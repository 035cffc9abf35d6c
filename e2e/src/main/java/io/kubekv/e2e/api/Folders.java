package io.kubekv.e2e.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders, copied and removed. */
final class Folders {
  private Folders() {}

  /** Makes {@code to} the same as {@code from}, whatever it held before. */
  static void replace(Path from, Path to) throws IOException {
    remove(to);
    for (Path file : below(from)) {
      Files.copy(file, to.resolve(from.relativize(file).toString()));
    }
  }

  static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path file : below(folder).reversed()) {
        Files.delete(file);
      }
    }
  }

  /** The folder itself and what is in it, parents first. */
  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    }
  }
}
