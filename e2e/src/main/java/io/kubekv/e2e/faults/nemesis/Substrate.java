package io.kubekv.e2e.faults.nemesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** An API server and a temporary folder, on which clusters are started. */
public final class Substrate implements AutoCloseable {
  private final Path folder;
  private final ApiServer api;

  private Substrate(Path folder, ApiServer api) {
    this.folder = folder;
    this.api = api;
  }

  /**
   * Starts one.
   *
   * @param name {@code embedded}, or {@code kube} for a real control plane
   */
  public static Substrate named(String name) throws IOException {
    Path folder = Files.createTempDirectory("kubekv-e2e-faults");
    return switch (name) {
      case "embedded" -> new Substrate(folder, new EmbeddedApi(folder));
      case "kube" -> new Substrate(folder, new KubeApi(folder));
      default -> throw new IllegalArgumentException("--on takes embedded or kube, not " + name);
    };
  }

  /**
   * Starts replicas of a new store.
   *
   * @param namespace the store's name
   * @param mistakes whether they can be told to make one
   * @param requestTimeout how long a request may wait for the store
   */
  public Cluster cluster(String namespace, int replicas, boolean mistakes, Duration requestTimeout)
      throws IOException {
    return Cluster.start(api, namespace, replicas, folder, mistakes, requestTimeout);
  }

  @Override
  public void close() {
    api.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }
}
