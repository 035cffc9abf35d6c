package io.kubekv.etcd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/** The releases of etcd that the tests run on, each a binary that {@code e2e/tools.sh} builds. */
public enum EtcdVersion {
  V3_6("etcd-3.6.16"),
  V3_5("etcd-3.5.35");

  private final String binary;

  EtcdVersion(String binary) {
    this.binary = binary;
  }

  /** The binary; without it the test is skipped, and says so. */
  Path binary() {
    Path cache =
        Optional.ofNullable(System.getenv("KUBEKV_CACHE"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "kubekv"));
    Path path = cache.resolve("bin").resolve(binary);
    if (!Files.isExecutable(path)) {
      String why = "SKIPPED: no etcd at " + path + "; install_etcd in e2e/tools.sh builds it";
      System.err.println(why);
      throw new TestAbortedException(why);
    }
    return path;
  }
}
