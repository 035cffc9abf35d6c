package io.kubekv.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * An empty store on a cluster: a namespace of its own, and an account with the rights that kubekv
 * needs there.
 *
 * @param kubeconfig the account's
 */
record ClusterStore(String namespace, Path kubeconfig) {
  private static final String CLUSTER = "E2E_KUBECONFIG";

  /**
   * Whether the check runs on a cluster: {@code --kube} or {@code --kubeconfig} was given, and
   * {@code e2e/kube.d/substrate.sh} has exported {@code E2E_KUBECONFIG}.
   */
  static boolean isWanted() {
    return System.getenv(CLUSTER) != null;
  }

  /** Makes one by {@code e2e/kube.d/new-store}; the shell that started this removes it. Blocks. */
  static ClusterStore create() throws IOException {
    Path script = Repository.root().resolve("e2e/kube.d/new-store");
    Process process =
        new ProcessBuilder(script.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (exitCode(process) != 0) {
      throw new IOException(script + " failed with exit code " + process.exitValue());
    }
    List<String> words = List.of(said.strip().split(" ", 2));
    return new ClusterStore(words.getFirst(), Path.of(words.getLast()));
  }

  private static int exitCode(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What tells {@code kubekv serve} to use it. */
  List<String> flags() {
    return List.of("--kubeconfig", kubeconfig.toString(), "--namespace", namespace);
  }
}
