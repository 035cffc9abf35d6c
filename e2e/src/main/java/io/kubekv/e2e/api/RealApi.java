package io.kubekv.e2e.api;

import io.kubekv.e2e.ClusterStore;
import io.kubekv.e2e.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The control plane that {@code e2e/kube.d/substrate.sh} started for the check, which ends it: etcd
 * and kube-apiserver.
 */
public final class RealApi implements ApiServer {
  private static final String FOLDER = "E2E_KUBE_FOLDER";

  private final ClusterStore store;
  private final Path folder;

  private RealApi(ClusterStore store, Path folder) {
    this.store = store;
    this.folder = folder;
  }

  /** Makes a store on it, as an account with the rights that kubekv needs. */
  public static RealApi open() throws IOException {
    return new RealApi(ClusterStore.create(), Path.of(System.getenv(FOLDER)));
  }

  @Override
  public String namespace() {
    return store.namespace();
  }

  @Override
  public ApiAddress address() throws IOException {
    return ApiAddress.of(store.kubeconfig());
  }

  @Override
  public void kill() throws IOException {
    script("kube_end $1 apiserver KILL");
  }

  @Override
  public void start() throws IOException {
    script("kube_start_apiserver $1");
  }

  /** Starts it again with more of kube-apiserver's flags. */
  public void startWith(String flags) throws IOException {
    script("KUBE_API_FLAGS='" + flags + "'; kube_start_apiserver $1");
  }

  @Override
  public void keep() throws IOException {
    stop();
    Folders.replace(folder.resolve("etcd"), folder.resolve("kept"));
    startAll();
  }

  @Override
  public void restore() throws IOException {
    stop();
    Folders.replace(folder.resolve("kept"), folder.resolve("etcd"));
    startAll();
  }

  /** As its administrator. */
  public void kubectl(String arguments) throws IOException {
    script("kubectl --namespace " + namespace() + " " + arguments);
  }

  @Override
  public void close() {}

  private void stop() throws IOException {
    script("kube_end $1 apiserver && kube_end $1 etcd");
  }

  private void startAll() throws IOException {
    script("kube_start_etcd $1 && kube_start_apiserver $1");
  }

  private void script(String commands) throws IOException {
    Path here = Repository.root().resolve("e2e");
    String script =
        """
        set -euo pipefail
        here=%s
        . $here/kube.d/control-plane.sh
        kube_load $1
        kubectl() { "$kubectl_current" "$@"; }
        """
            .formatted(here);
    Process process =
        new ProcessBuilder("bash", "-c", script + commands, "control-plane", folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(commands + " failed: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
