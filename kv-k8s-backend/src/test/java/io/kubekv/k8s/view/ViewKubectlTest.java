package io.kubekv.k8s.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubekv.Await;
import io.kubekv.Bytes;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.KeyValueStore;
import io.kubekv.PutRequest;
import io.kubekv.Range;
import io.kubekv.Watch;
import io.kubekv.WatchEvent;
import io.kubekv.WatchRequest;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.engine.EngineSettings;
import io.kubekv.engine.EngineStore;
import io.kubekv.k8s.api.ApiObserver;
import io.kubekv.k8s.api.DefinitionInstall;
import io.kubekv.k8s.form.KeyValueDefinition;
import io.kubekv.k8s.form.KeyValueForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real kubectl as the one who edits, on the embedded API server or on the one that {@code
 * KUBEKV_TEST_KUBECONFIG} names. Skipped where kubectl is not in the cache; {@code e2e/run kubectl}
 * puts it there.
 */
class ViewKubectlTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NAME = KeyValueForm.name(Key.of("a"));

  private final Path kubectl = cache().resolve("bin/kubectl-1.37.2");
  private final String namespace = "view-" + UUID.randomUUID();
  @TempDir private Path folder;
  private @Nullable EmbeddedApiServer server;
  private Path kubeconfig;
  private KubernetesClient client;
  private KeyValueStore store;
  private View view;

  private static Path cache() {
    return Optional.ofNullable(System.getenv("KUBEKV_CACHE"))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "kubekv"));
  }

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Files.isExecutable(kubectl), () -> kubectl + " is missing: run e2e/run kubectl");
    String cluster = System.getenv("KUBEKV_TEST_KUBECONFIG");
    if (cluster == null) {
      server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
      kubeconfig = server.kubeconfig();
    } else {
      kubeconfig = Path.of(cluster);
    }
    Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
    config.setRequestRetryBackoffLimit(0);
    client = new KubernetesClientBuilder().withConfig(config).build();
    DefinitionInstall.install(
        client,
        Serialization.unmarshal(KeyValueDefinition.yaml(), CustomResourceDefinition.class),
        PATIENCE);
    DefinitionInstall.install(client, StoreDefinition.definition(), PATIENCE);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    store = EngineStore.inMemory(EngineSettings.DEFAULT);
    view =
        View.open(
            client,
            namespace,
            store,
            ViewSettings.DEFAULT,
            () -> Optional.of(new View.Holding("test", 1)),
            () -> LogFigures.NONE,
            ApiObserver.NONE);
    put("a", "one");
    put("other", "x");
    awaitObject("--for=create");
  }

  @AfterEach
  void stop() throws IOException {
    if (view != null) {
      view.close();
      store.close();
      client.namespaces().withName(namespace).delete();
      client.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private void put(String key, String value) {
    Await.change(store.put(PutRequest.of(Key.of(key), Bytes.utf8(value))));
  }

  private String value(String key) {
    return Await.read(store.get(Key.of(key), Freshness.LINEARIZABLE))
        .entry()
        .map(entry -> entry.value().toText())
        .orElse("-");
  }

  private String run(List<String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of("env"));
    command.addAll(environment);
    command.add(kubectl.toString());
    command.addAll(List.of("--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
    command.addAll(List.of(arguments));
    try {
      Path output = folder.resolve("output-" + UUID.randomUUID());
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly();
      String said = Files.readString(output);
      assertThat(ended && process.exitValue() == 0).as("%s: %s", command, said).isTrue();
      return said;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String kubectl(String... arguments) {
    return run(List.of(), arguments);
  }

  private void awaitObject(String what) {
    kubectl("wait", "keyvalue/" + NAME, what, "--timeout=30s");
  }

  private String condition() {
    return kubectl("get", "keyvalue", NAME, "-o", "jsonpath={.status.conditions}");
  }

  @Test
  void get_always_readsWell() {
    awaitObject("--for=jsonpath={.spec.value}=one");

    assertThat(kubectl("get", "kv", "-o", "wide"))
        .containsPattern("KEY +TYPE +VALUE +VERSION +CAUSE +AGE")
        .containsPattern(NAME + " +a +Value +one +1 +Set ");
    kubectl("wait", "store/store", "--for=condition=ViewCurrent=True", "--timeout=30s");
    assertThat(kubectl("get", "stores"))
        .containsPattern("HOLDER +EPOCH +REVISION +VIEW +LAG +LOG +RING +SNAPSHOT +CURRENT")
        .containsPattern("store +test +1 ");
  }

  @Test
  void edit_ofACurrentObject_isApplied() {
    run(List.of("KUBE_EDITOR=sed -i 's/value: one/value: two/'"), "edit", "keyvalue", NAME);
    awaitObject("--for=condition=EditApplied=True");

    assertThat(value("a")).isEqualTo("two");
    assertEvent("EditApplied");
    if (server == null) {
      assertThat(condition()).contains("(edited by kubectl-edit)");
    }
  }

  @Test
  void patch_ofWhatCannotBeEdited_isRefused() {
    kubectl("patch", "keyvalue", NAME, "--type=merge", "--patch", "{\"spec\":{\"version\":9}}");
    awaitObject("--for=condition=EditApplied=False");

    assertThat(condition()).contains("NotEditable", "spec.version");
    assertThat(kubectl("get", "keyvalue", NAME, "-o", "jsonpath={.spec.version}")).isEqualTo("1");
    assertEvent("EditRefused");
  }

  @Test
  void replace_byAnOlderObject_isAConflict() throws IOException {
    Path file = folder.resolve("old.yaml");
    String old = kubectl("get", "keyvalue", NAME, "-o", "yaml");
    put("a", "changed");
    awaitObject("--for=jsonpath={.spec.value}=changed");
    Files.writeString(
        file,
        old.replace("value: one", "value: mine").replaceAll("(?m)^ *resourceVersion: .*\n", ""),
        StandardCharsets.UTF_8);
    kubectl("replace", "-f", file.toString());
    awaitObject("--for=condition=EditApplied=False");

    assertThat(condition()).contains("Conflict", "is at revision 4");
    assertThat(value("a")).isEqualTo("changed");
    awaitObject("--for=jsonpath={.spec.value}=changed");
  }

  @Test
  void apply_onTheServer_isApplied() throws IOException {
    Path file = folder.resolve("apply.yaml");
    Files.writeString(file, object("a", "applied"));
    kubectl("apply", "--server-side", "--force-conflicts", "-f", file.toString());
    awaitObject("--for=condition=EditApplied=True");

    assertThat(value("a")).isEqualTo("applied");
    assertThat(condition()).contains("(edited by kubectl)");
  }

  @Test
  void createAndDelete_ofAnObject_makeAndDeleteItsKey() throws Exception {
    Path file = folder.resolve("new.yaml");
    Files.writeString(file, object("new", "made"));
    kubectl("create", "-f", file.toString());
    String name = KeyValueForm.name(Key.of("new"));
    kubectl("wait", "keyvalue/" + name, "--for=condition=EditApplied=True", "--timeout=30s");
    assertThat(value("new")).isEqualTo("made");

    try (Watch watch = store.watch(WatchRequest.fromNow(new Range.Exact(Key.of("new"))))) {
      kubectl("delete", "keyvalue", name);
      Optional<WatchEvent> event = watch.next(PATIENCE);
      while (event.isPresent() && event.get() instanceof WatchEvent.Progress) {
        event = watch.next(PATIENCE);
      }
      assertThat(event).containsInstanceOf(WatchEvent.Delete.class);
    }
  }

  private static String object(String key, String value) {
    return """
    apiVersion: kubekv.io/v1
    kind: KeyValue
    metadata:
      name: %s
    spec:
      type: Value
      key: %s
      value: %s
      createRevision: "2"
      version: 1
    """
        .formatted(KeyValueForm.name(Key.of(key)), key, value);
  }

  /** The embedded API server has no Events. */
  private void assertEvent(String reason) {
    if (server == null) {
      assertThat(kubectl("get", "events", "--field-selector=involvedObject.name=" + NAME))
          .contains(reason);
    }
  }
}
