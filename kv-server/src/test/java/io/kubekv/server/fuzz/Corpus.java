package io.kubekv.server.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a target's seeds into a folder, a file each: {@code Corpus CLASS FOLDER}. */
final class Corpus {
  private Corpus() {}

  public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
    List<?> seeds = (List<?>) Class.forName(arguments[0]).getMethod("seeds").invoke(null);
    int number = 0;
    for (Object seed : seeds) {
      Files.write(Path.of(arguments[1], "seed-" + number++), (byte[]) seed);
    }
    System.exit(0); // a target may have begun to serve
  }
}
