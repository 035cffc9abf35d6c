package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real kubectls against the server: the checks of {@code e2e/kubectl.d/checks.sh}. Skipped where
 * the binaries are not in the cache; {@code e2e/run kubectl} puts them there and never skips.
 */
class KubectlTest {

  @ParameterizedTest
  @ValueSource(strings = {"kubectl-1.37.2", "kubectl-1.20"})
  void kubectl_everythingItDoesWithKeys_works(String binary) throws Exception {
    Path kubectl = cache().resolve("bin").resolve(binary);
    assumeTrue(Files.isExecutable(kubectl), () -> kubectl + " is missing: run e2e/run kubectl");

    try (EmbeddedApiServer server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory())) {
      String output = run(kubectl, server);

      assertThat(output.strip()).as(output).matches("\\d{2,} 0");
    }
  }

  private static String run(Path kubectl, EmbeddedApiServer server)
      throws IOException, InterruptedException {
    Path repository = repository();
    ProcessBuilder checks =
        new ProcessBuilder(
            repository.resolve("e2e/kubectl.d/checks.sh").toString(),
            kubectl.toString(),
            repository.resolve("helm/kubekv/crds/keyvalues.yaml").toString());
    checks.environment().put("KUBECONFIG", server.kubeconfig().toString());
    Process process = checks.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  private static Path cache() {
    String named = System.getenv("KUBEKV_CACHE");
    return named == null
        ? Path.of(System.getProperty("user.home"), ".cache", "kubekv")
        : Path.of(named);
  }

  private static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isDirectory(folder.resolve("e2e/kubectl.d"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new AssertionError("not run inside the repository");
    }
    return folder;
  }
}
