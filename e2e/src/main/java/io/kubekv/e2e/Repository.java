package io.kubekv.e2e;

import java.nio.file.Path;

/**
 * Where the clone is; {@code e2e/run} and {@code benchmarks/run} say so by the system property
 * {@code kubekv.repository}.
 */
public final class Repository {
  private Repository() {}

  public static Path root() {
    String root = System.getProperty("kubekv.repository");
    if (root == null) {
      throw new IllegalStateException(
          "start this through e2e/run or benchmarks/run: the property kubekv.repository is missing");
    }
    return Path.of(root);
  }
}
