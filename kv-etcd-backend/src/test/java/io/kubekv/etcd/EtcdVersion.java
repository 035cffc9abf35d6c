package io.kubekv.etcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/**
 * The releases of etcd that the tests run on: binaries that {@code e2e/tools.sh} builds, and the
 * one that Debian ships.
 */
public enum EtcdVersion {
  V3_6("etcd-3.6.16"),
  V3_5("etcd-3.5.35"),
  V3_4("/usr/bin/etcd");

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
    if (!Files.isExecutable(path) || (this == V3_4 && !isThree4(path))) {
      String why =
          "SKIPPED: no etcd at "
              + path
              + "; install_etcd in e2e/tools.sh builds it, or Debian 12's etcd-server is it";
      System.err.println(why);
      throw new TestAbortedException(why);
    }
    return path;
  }

  /** What it takes to be quick and quiet in a test. */
  List<String> flags() {
    return this == V3_4
        ? List.of("--logger=zap", "--log-level=warn")
        : List.of("--log-level=warn", "--unsafe-no-fsync");
  }

  private static boolean isThree4(Path path) {
    try {
      Process asked = new ProcessBuilder(path.toString(), "--version").start();
      return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .contains("etcd Version: 3.4.");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
