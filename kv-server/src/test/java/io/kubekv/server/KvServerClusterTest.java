package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.kubekv.contract.TestCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which cluster is meant: what a kubeconfig or a pod says, and never another one. */
class KvServerClusterTest {
  private static final String TWO =
      """
      apiVersion: v1
      kind: Config
      current-context: test
      clusters:
      - {name: test, cluster: {server: "https://test.example:6443"}}
      - {name: prod, cluster: {server: "https://prod.example:6443"}}
      contexts:
      - {name: test, context: {cluster: test, user: me}}
      - {name: prod, context: {cluster: prod, user: me}}
      - {name: torn, context: {cluster: gone, user: me}}
      - {name: nobody, context: {cluster: prod, user: gone}}
      users:
      - {name: me, user: {token: secret}}
      """;

  @TempDir Path folder;

  private Path kubeconfig(String content) throws IOException {
    return Files.writeString(folder.resolve("kubeconfig"), content);
  }

  private Config of(String content, Optional<String> context) throws IOException {
    return KvServerCluster.ofFiles(List.of(kubeconfig(content)), context);
  }

  @Test
  void context_thatIsThere_isTheCluster() throws IOException {
    assertThat(of(TWO, Optional.of("prod")).getMasterUrl()).startsWith("https://prod.example:6443");
    assertThat(of(TWO, Optional.empty()).getMasterUrl()).startsWith("https://test.example:6443");
  }

  @Test
  void context_thatIsNotThere_isRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> of(TWO, Optional.of("prod-typo")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            folder.resolve("kubeconfig")
                + " has no context 'prod-typo': it has test, prod, torn, nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"torn", "nobody"})
  void context_whoseClusterOrUserIsNotThere_isRefusedByName(String context) {
    assertThatThrownBy(() -> of(TWO, Optional.of(context)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + context + "'")
        .hasMessageContaining("'gone'");
  }

  @Test
  void watch_asksForNoWebSocket_whichAProxyMayNotPass() throws Exception {
    BlockingQueue<Headers> requests = new LinkedBlockingQueue<>();
    HttpServer api = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    api.createContext(
        "/",
        exchange -> {
          requests.add(exchange.getRequestHeaders());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    api.start();
    String here = "http://127.0.0.1:" + api.getAddress().getPort();
    Path file = kubeconfig(TWO.replace("https://test.example:6443", here));
    ServerConfig.Cluster cluster =
        new ServerConfig.Cluster(Optional.of(file), Optional.of("test"), "default");
    try (KubernetesClient client =
            new KubernetesClientBuilder().withConfig(KvServerCluster.connection(cluster)).build();
        Watch watch = client.configMaps().inNamespace("default").watch(new Unheard())) {
      assertThat(requests.poll(30, TimeUnit.SECONDS)).isNotNull().doesNotContainKey("Upgrade");
    } finally {
      api.stop(0);
    }
  }

  /** Hears nothing. */
  private static final class Unheard implements Watcher<ConfigMap> {
    @Override
    public void eventReceived(Action action, ConfigMap object) {}

    @Override
    public void onClose(WatcherException cause) {}
  }

  @Test
  void currentContext_missingOrUnknown_isRefused() {
    assertThatThrownBy(() -> of(TWO.replace("current-context: test", ""), Optional.empty()))
        .hasMessageContaining("has no current-context; name one with --context: it has test");
    assertThatThrownBy(
            () -> of(TWO.replace("current-context: test", "current-context: x"), Optional.empty()))
        .hasMessageContaining("has no context 'x'");
  }

  @Test
  void secondFile_hasTheContext_isTaken() throws IOException {
    Path first = Files.writeString(folder.resolve("first"), TWO.replace("prod", "stage"));

    Config config = KvServerCluster.ofFiles(List.of(first, kubeconfig(TWO)), Optional.of("prod"));

    assertThat(config.getMasterUrl()).startsWith("https://prod.example:6443");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "clusters: [", "just text", "contexts: {a: b}", "contexts: [{name: test}]"})
  void kubeconfig_thatIsNone_isNamed(String content) {
    assertThatThrownBy(() -> of(content, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(folder.resolve("kubeconfig").toString())
        .message()
        .hasLineCount(1)
        .doesNotContain("Exception");
  }

  @Test
  void kubeconfig_thatIsNotThere_isNamed() {
    assertThatThrownBy(
            () -> KvServerCluster.ofFiles(List.of(folder.resolve("none")), Optional.empty()))
        .hasMessageContaining("none: it does not exist");
  }

  @Test
  void clientKey_ellipticCurveAsPkcs8_isTaken() throws Exception {
    TestCertificates own = TestCertificates.make(folder, "me", "dns:me.example");
    assertThat(own.key()).content().startsWith("-----BEGIN PRIVATE KEY-----");
    String files =
        "{client-certificate: %s, client-key: %s}".formatted(own.certificate(), own.key());
    String data =
        "{client-certificate-data: %s, client-key-data: %s}"
            .formatted(base64(own.certificate()), base64(own.key()));

    for (String user : List.of(files, data)) {
      Config config = of(TWO.replace("{token: secret}", user), Optional.empty());

      X509KeyManager manager = (X509KeyManager) SSLUtils.keyManagers(config)[0];
      assertThat(manager.getClientAliases("EC", null)).hasSize(1);
    }
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }

  @Test
  void clientKey_thatCannotBeUsed_isNamedWithWhatToDo() throws Exception {
    Path key =
        Files.writeString(folder.resolve("my.key"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
    String user = "{client-certificate: %s, client-key: %s}".formatted(key, key);

    assertThatThrownBy(() -> of(TWO.replace("{token: secret}", user), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client-key " + key)
        .hasMessageContaining("openssl pkcs8 -topk8");
    Files.delete(key);
    assertThatThrownBy(() -> of(TWO.replace("{token: secret}", user), Optional.empty()))
        .hasMessageContaining("cannot read the client-key " + key)
        .hasMessageContaining(folder.resolve("kubeconfig").toString());
  }

  @Test
  void inCluster_outsideAPod_saysWhatIsMissing() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "t");

    assertThatThrownBy(() -> KvServerCluster.ofPod(name -> null, token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("KUBERNETES_SERVICE_HOST is not set")
        .hasMessageContaining("--kubeconfig FILE");
    assertThatThrownBy(() -> KvServerCluster.ofPod(name -> "10.0.0.1", folder.resolve("none")))
        .hasMessageContaining("no token of a service account at " + folder.resolve("none"));
  }

  /** What kubectl means, where fabric8 is told so by a property in the place of KUBECONFIG. */
  private static Config ofOperator(
      Path usual, Optional<Path> named, UnaryOperator<@Nullable String> environment) {
    System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, usual.toString());
    try {
      return KvServerCluster.connectionOfOperator(
          new ServerConfig.Cluster(named, Optional.empty(), "default"), environment);
    } finally {
      System.clearProperty(Config.KUBERNETES_KUBECONFIG_FILE);
    }
  }

  @Test
  void operator_whoNamesNone_meansWhatKubectlMeans_butInAPod() throws IOException {
    Path usual = kubeconfig(TWO);
    Path none = folder.resolve("none");
    Path named = Files.writeString(folder.resolve("named"), TWO.replace("test.example", "own"));

    assertThat(ofOperator(usual, Optional.empty(), name -> null).getMasterUrl())
        .startsWith("https://test.example:6443");
    assertThat(ofOperator(usual, Optional.of(named), name -> "10.0.0.1").getMasterUrl())
        .startsWith("https://own:6443");
    assertThatThrownBy(() -> ofOperator(none, Optional.empty(), name -> null))
        .hasMessage("there is no kubeconfig at " + none + ": name one with --kubeconfig FILE");
    assertThatThrownBy(() -> ofOperator(usual, Optional.empty(), name -> "10.0.0.1"))
        .hasMessageContaining("no token of a service account");
  }
}
