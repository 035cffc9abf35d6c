package io.kubekv.benchmarks.scenario;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;

/** The ZooKeeper that is measured: Debian's package, where it is installed. */
final class DebianZooKeeper {
  private static final Path FOLDER = Path.of("/usr/share/java");
  private static final String JAR = ".jar";

  private DebianZooKeeper() {}

  /** Why it cannot be started; empty when it can. */
  static Optional<String> missing() {
    return Files.exists(FOLDER.resolve("zookeeper" + JAR))
        ? Optional.empty()
        : Optional.of("Debian's ZooKeeper is not installed");
  }

  /** Its name with its version, which a link to the jar has; empty when there is none. */
  static Optional<String> version() throws IOException {
    if (missing().isPresent()) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> links = Files.newDirectoryStream(FOLDER, "zookeeper-[0-9]*" + JAR)) {
      Iterator<Path> each = links.iterator();
      return each.hasNext() ? Optional.of(withoutSuffix(each.next())) : Optional.empty();
    }
  }

  private static String withoutSuffix(Path link) {
    String name = link.getFileName().toString();
    return name.substring(0, name.length() - JAR.length());
  }
}
