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
          "start this through e2e/run or benchmarks/run: the property kubekv.repository is"
              + " missing");
    }
    return Path.of(root);
  }

  /**
   * The Consul to run; a check that needs one installs it and names it by the environment variable
   * {@code E2E_CONSUL}.
   */
  static Path consul() {
    return installed("E2E_CONSUL", "install_consul");
  }

  /** The etcd 3.6 to run, in the same way by {@code E2E_ETCD36}. */
  static Path etcdV3() {
    return installed("E2E_ETCD36", "install_etcd36");
  }

  private static Path installed(String variable, String function) {
    String program = System.getenv(variable);
    if (program == null) {
      throw new IllegalStateException(
          "a program is missing: call " + function + " of e2e/tools.sh and export " + variable);
    }
    return Path.of(program);
  }
}
