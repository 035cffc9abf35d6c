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

  /**
   * The Consul to run; a check that needs one installs it and names it by the environment variable
   * {@code E2E_CONSUL}.
   */
  static Path consul() {
    String consul = System.getenv("E2E_CONSUL");
    if (consul == null) {
      throw new IllegalStateException(
          "no Consul was installed: call install_consul of e2e/tools.sh and export E2E_CONSUL");
    }
    return Path.of(consul);
  }
}
