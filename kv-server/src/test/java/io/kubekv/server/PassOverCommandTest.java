package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.PutRequest;
import io.kubekv.cli.terminal.Terminal;
import io.kubekv.client.KubekvClient;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code kubekv pass-over} on a log with an entry that somebody has overwritten. */
class PassOverCommandTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private final EmbeddedApiServer api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());

  PassOverCommandTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    api.close();
  }

  private KvServer start() {
    return KvServer.start(
        ConfigUnderTest.on(
                new ServerConfig.Cluster(
                    Optional.of(api.kubeconfig()), Optional.empty(), "default"))
            .lease(Duration.ofSeconds(2))
            .patience(Duration.ofSeconds(10))
            .config());
  }

  private static KubekvClient client(KvServer server) {
    return KubekvClient.to(server.grpcTarget().orElseThrow()).connect();
  }

  /** Entry 1 begins the epoch, so that entry N has key N. */
  @BeforeEach
  void fill() {
    try (KvServer server = start();
        KubekvClient client = client(server)) {
      for (int number = 2; number <= 10; number++) {
        client.put(PutRequest.of(Key.of("key" + number), Bytes.utf8("v")));
      }
    }
  }

  private String overwrite(String name) throws IOException {
    return overwrite(name, "bm90aGluZw==");
  }

  /** Puts another entry there; returns the one before. */
  private String overwrite(String name, String entry) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(api.kubeconfig()));
    try (KubernetesClient admin = new KubernetesClientBuilder().withConfig(config).build()) {
      var objects =
          admin.genericKubernetesResources("kubekv.io/v1", "StoreLog").inNamespace("default");
      GenericKubernetesResource object = objects.withName(name).get();
      Map<String, Object> spec = object.get("spec");
      String before = String.valueOf(spec.put("entry", entry));
      objects.resource(object).update();
      return before;
    }
  }

  private record Ran(int exitCode, String out, String err) {}

  private Ran run(String... more) {
    return run(new ByteArrayOutputStream(), more);
  }

  private Ran run(ByteArrayOutputStream out, String... more) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            Map.of(),
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "");
    String[] args = new String[more.length + 3];
    args[0] = "pass-over";
    args[1] = "--kubeconfig";
    args[2] = api.kubeconfig().toString();
    System.arraycopy(more, 0, args, 3, more.length);
    int exitCode = ProgramUnderTest.run(terminal, args);
    return new Ran(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void harmedEntry_isPassedOver_onlyWhenTheLossIsAccepted() throws IOException {
    overwrite("log-00005");

    Ran asked = run("5");
    assertThat(asked.exitCode()).isEqualTo(1);
    assertThat(asked.out())
        .contains("StoreLog log-00005: it was changed by others")
        .contains("to be lost: the changes after revision 4 and before revision 6");
    assertThat(asked.err()).contains("nothing was changed", "--accept-loss");

    Ran done = run("5", "--accept-loss", "--wait", "1ms");
    assertThat(done.err()).isEmpty();
    assertThat(done.exitCode()).isZero();

    try (KvServer server = start();
        KubekvClient client = client(server)) {
      await()
          .atMost(SOON)
          .ignoreExceptions()
          .until(() -> client.get(Key.of("key10"), Freshness.LINEARIZABLE).entry().isPresent());
      assertThat(client.get(Key.of("key5")).entry()).isEmpty();
      assertThat(client.get(Key.of("key4")).entry()).isPresent();
      assertThat(client.get(Key.of("key6")).entry()).isPresent();
    }
  }

  @Test
  void whenSomebodyWritesMeanwhile_nothingIsDone() throws IOException {
    overwrite("log-00005");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CompletableFuture<Ran> running =
        CompletableFuture.supplyAsync(() -> run(out, "5", "--accept-loss", "--wait", "5s"));
    await().atMost(SOON).until(() -> out.toString(StandardCharsets.UTF_8).contains("to be lost: "));

    overwrite("log-00005", "bW9yZQ==");

    Ran refused = running.join();
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("nothing was changed: somebody has written");
  }

  @Test
  void wholeEntryInAnObjectOfOthers_isPutBack() throws IOException {
    String entry = overwrite("log-00005");
    overwrite("log-00005", entry);

    Ran asked = run("5");
    assertThat(asked.exitCode()).isEqualTo(1);
    assertThat(asked.out()).contains("to be lost: nothing");

    Ran done = run("5", "--accept-loss", "--wait", "1ms");
    assertThat(done.exitCode()).isZero();
    assertThat(done.out()).contains("entry 5 is put back").doesNotContain("miss");
    assertThat(run("5").err()).contains("entry 5 is whole");
  }

  @Test
  void wholeEntry_isRefused() {
    Ran refused = run("5", "--accept-loss");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("entry 5 is whole: nothing has to be passed over");
  }
}
