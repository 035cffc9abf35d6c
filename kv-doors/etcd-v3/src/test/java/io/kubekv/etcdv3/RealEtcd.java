package io.kubekv.etcdv3;

import io.kubekv.contract.FreePorts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** A real etcd 3.6.16 of one member, on free ports and a folder of its own. */
final class RealEtcd implements AutoCloseable {
  private final Path folder;
  private final Process process;
  private final int port;

  private RealEtcd(Path binary) {
    int peerPort = FreePorts.next();
    this.port = FreePorts.next();
    String peer = "http://127.0.0.1:" + peerPort;
    String client = "http://127.0.0.1:" + port;
    try {
      this.folder = Files.createTempDirectory("kubekv-etcd-");
      this.process =
          new ProcessBuilder(
                  List.of(
                      binary.toString(),
                      "--name=one",
                      "--listen-peer-urls=" + peer,
                      "--initial-advertise-peer-urls=" + peer,
                      "--initial-cluster=one=" + peer,
                      "--listen-client-urls=" + client,
                      "--advertise-client-urls=" + client,
                      "--log-level=error",
                      "--unsafe-no-fsync",
                      "--data-dir=" + folder.resolve("data")))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("etcd.log").toFile())
              .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Starts one; without the binary the test is skipped, and says so. */
  static RealEtcd start() {
    Path cache =
        Optional.ofNullable(System.getenv("KUBEKV_CACHE"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "kubekv"));
    Path binary = cache.resolve("bin").resolve("etcd-3.6.16");
    if (!Files.isExecutable(binary)) {
      String why = "SKIPPED: no etcd at " + binary + "; install_etcd in e2e/tools.sh builds it";
      System.err.println(why);
      throw new TestAbortedException(why);
    }
    return new RealEtcd(binary);
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(60, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException leftOver) {
      throw new UncheckedIOException(leftOver);
    }
  }
}
