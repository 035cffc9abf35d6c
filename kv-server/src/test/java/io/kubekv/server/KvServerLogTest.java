package io.kubekv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.kubekv.Freshness;
import io.kubekv.Key;
import io.kubekv.Revision;
import io.kubekv.client.KubekvClient;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.transport.http.RawHttp;
import io.kubekv.transport.http.RawHttp.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server on the engine over a log. */
class KvServerLogTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Longer than what is waited for here: nobody gets it who must wait it out. */
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path folder;

  private ServerConfig config(ServerConfig.Backend backend, Duration lease, Duration patience) {
    return ConfigUnderTest.on(backend).lease(lease).patience(patience).config();
  }

  private static KvServer start(ServerConfig config) {
    return KvServer.start(config);
  }

  private KvServer start() {
    ServerConfig.Embedded embedded = new ServerConfig.Embedded(folder, "default");
    return start(config(embedded, Duration.ofSeconds(6), Duration.ofSeconds(30)));
  }

  private static KubekvClient client(KvServer server) {
    return KubekvClient.to(server.grpcTarget().orElseThrow()).connect();
  }

  private static Answer ask(String url, String method, String target) throws IOException {
    return ask(url, method, target, "");
  }

  private static Answer ask(String url, String method, String target, String body)
      throws IOException {
    URI at = URI.create(url);
    try (RawHttp http = new RawHttp(new InetSocketAddress(at.getHost(), at.getPort()))) {
      return http.send(
              "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(method, target, body.length(), body))
          .answer();
    }
  }

  private static Answer put(KvServer server, String key, String value) throws IOException {
    return ask(server.etcdUrl(), "PUT", "/v2/keys/" + key + "?value=" + value);
  }

  private static Answer get(KvServer server, String target) throws IOException {
    return ask(server.etcdUrl(), "GET", "/v2/keys/" + target);
  }

  private static long modified(Answer answer) {
    Matcher index = Pattern.compile("\"modifiedIndex\":(\\d+)").matcher(answer.body());
    assertThat(index.find()).as(answer.body()).isTrue();
    return Long.parseLong(index.group(1));
  }

  /** The objects of a type, by an administrator's client. */
  private static final class Objects implements AutoCloseable {
    private final KubernetesClient client;

    Objects(Path kubeconfig) throws IOException {
      Config config = Config.fromKubeconfig(Files.readString(kubeconfig));
      client = new KubernetesClientBuilder().withConfig(config).build();
    }

    private static ResourceDefinitionContext type(String kind) {
      return new ResourceDefinitionContext.Builder()
          .withGroup("kubekv.io")
          .withVersion("v1")
          .withKind(kind)
          .withPlural(kind.toLowerCase(Locale.ROOT) + "s")
          .withNamespaced(true)
          .build();
    }

    List<GenericKubernetesResource> all(String kind) {
      return client.genericKubernetesResources(type(kind)).inNamespace("default").list().getItems();
    }

    void replace(GenericKubernetesResource object) {
      client
          .genericKubernetesResources(type(object.getKind()))
          .inNamespace("default")
          .resource(object)
          .update();
    }

    @Override
    public void close() {
      client.close();
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> part(GenericKubernetesResource object, String name) {
    return (Map<String, Object>)
        Optional.ofNullable(object.getAdditionalProperties().get(name)).orElseThrow();
  }

  @Test
  void keyOfOneDoor_isThereThroughTheOthersWithTheSameRevision() throws Exception {
    try (KvServer server = start();
        KubekvClient client = client(server)) {
      long index = modified(put(server, "a/b", "hello"));

      assertThat(client.get(Key.of("a/b"), Freshness.LINEARIZABLE).entry().orElseThrow())
          .satisfies(
              entry -> {
                assertThat(entry.value().toText()).isEqualTo("hello");
                assertThat(entry.modifyRevision()).isEqualTo(new Revision(index));
              });
      assertThat(ask(server.consulUrl().orElseThrow(), "GET", "/v1/kv/a/b").body())
          .contains("\"Value\":\"aGVsbG8=\"", "\"ModifyIndex\":" + index);
    }
  }

  @Test
  void serverThatIsStartedAgain_hasTheSameStore_andItsHistory() throws Exception {
    long index;
    String id;
    try (KvServer server = start()) {
      Answer first = put(server, "a", "1");
      index = modified(first);
      id = first.header("X-Etcd-Cluster-Id");
      put(server, "a", "2");
      put(server, "gone", "soon");
      ask(server.etcdUrl(), "DELETE", "/v2/keys/gone");
    }

    try (KvServer server = start()) {
      Answer now = get(server, "a");

      assertThat(now.body()).contains("\"value\":\"2\"", "\"modifiedIndex\":" + (index + 1));
      assertThat(now.header("X-Etcd-Cluster-Id")).isEqualTo(id);
      assertThat(get(server, "gone").status()).isEqualTo(404);
      assertThat(get(server, "a?wait=true&waitIndex=" + index).body())
          .contains("\"value\":\"1\"", "\"modifiedIndex\":" + index);
      assertThat(modified(put(server, "a", "3"))).isEqualTo(index + 4);
    }
  }

  @Test
  void transactionOfSeveralKeys_isTaken_andADeleteOfTheirTree() throws Exception {
    String both =
        """
        [{"KV":{"Verb":"set","Key":"tree/a","Value":"eA=="}},
         {"KV":{"Verb":"set","Key":"tree/b","Value":"eA=="}}]
        """;
    try (KvServer server = start()) {
      Answer taken = ask(server.consulUrl().orElseThrow(), "PUT", "/v1/txn", both);
      Answer there = get(server, "tree?recursive=true");
      Answer deleted = ask(server.etcdUrl(), "DELETE", "/v2/keys/tree?recursive=true");

      assertThat(taken.status()).as(taken.body()).isEqualTo(200);
      assertThat(there.body()).contains("/tree/a", "/tree/b");
      assertThat(deleted.status()).as(deleted.body()).isEqualTo(200);
      assertThat(get(server, "?recursive=true").body()).doesNotContain("tree");
    }
  }

  @Test
  void keys_areShownAsObjects_andAnEditOfOneChangesItsKey() throws Exception {
    try (KvServer server = start();
        Objects objects = new Objects(folder.resolve("kubeconfig"))) {
      put(server, "shown", "before");
      await().atMost(SOON).until(() -> objects.all("KeyValue").size() == 1);
      GenericKubernetesResource object = objects.all("KeyValue").getFirst();
      assertThat(part(object, "spec"))
          .containsEntry("key", "shown")
          .containsEntry("value", "before");

      part(object, "spec").put("value", "after");
      objects.replace(object);

      await().atMost(SOON).until(() -> get(server, "shown").body().contains("after"));
    }
  }

  @Test
  void storeObject_saysWhoHoldsTheStore_andHowFarItIs() throws Exception {
    try (KvServer server = start();
        Objects objects = new Objects(folder.resolve("kubeconfig"))) {
      long index = modified(put(server, "a", "1"));

      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(objects.all("Store"))
                      .singleElement()
                      .satisfies(
                          store ->
                              assertThat(part(store, "status"))
                                  .containsEntry("holder", "embedded@data-dir")
                                  .containsEntry("epoch", 1)
                                  .containsEntry("revision", Long.toString(index))
                                  .containsEntry("viewRevision", Long.toString(index))));
    }
  }

  @Test
  void metrics_tellOfTheLogAndTheView() throws Exception {
    try (KvServer server = start()) {
      put(server, "a", "1");
      put(server, "a", "2");

      // an entry may be seen, and answered, before the API's own answer to it has come
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(ask(server.opsUrl().orElseThrow(), "GET", "/metrics").body())
                      .contains("kubekv_log_slots_used 3.0") // one is the holder's own
                      .contains("kubekv_index_revision 3.0")
                      .contains("kubekv_store_ready 1.0")
                      .contains(
                          "kubekv_api_seconds_count{code=\"ok\",resource=\"storelogs\",verb=\"replace\"} 3")
                      .contains("kubekv_view_lag_seconds"));
    }
  }

  @Test
  void portThatTheSystemChose_isReachedByOtherReplicas() throws Exception {
    try (EmbeddedApiServer api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory())) {
      ServerConfig.Cluster cluster =
          new ServerConfig.Cluster(Optional.of(api.kubeconfig()), Optional.empty(), "default");
      try (KvServer first = start(config(cluster, LONG, Duration.ofSeconds(30)));
          KvServer second = start(config(cluster, LONG, Duration.ofSeconds(30)))) {
        Answer passedOn = put(second, "a", "1");
        assertThat(passedOn.status()).as(passedOn.body()).isEqualTo(201);
        assertThat(get(first, "a").body()).contains("\"value\":\"1\"");
        await()
            .atMost(SOON)
            .untilAsserted(
                () ->
                    assertThat(ask(second.etcdUrl(), "GET", "/v2/members").body())
                        .contains(first.etcdUrl(), second.etcdUrl()));
      }
    }
  }

  @Test
  void secondProcess_serves_whenTheFirstHasStopped() throws Exception {
    try (EmbeddedApiServer api = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory())) {
      ServerConfig.Cluster cluster =
          new ServerConfig.Cluster(Optional.of(api.kubeconfig()), Optional.empty(), "default");
      ServerConfig unreachable =
          ConfigUnderTest.on(cluster).lease(LONG).grpc(Optional.empty()).config();
      try (KvServer first = start(unreachable);
          KvServer second = start(config(cluster, LONG, Duration.ofMillis(500)))) {
        put(first, "a", "1");
        assertThat(ask(second.opsUrl().orElseThrow(), "GET", "/readyz").status()).isEqualTo(503);

        first.close();

        await()
            .atMost(SOON)
            .until(() -> ask(second.opsUrl().orElseThrow(), "GET", "/readyz").status() == 200);
        assertThat(get(second, "a").body()).contains("\"value\":\"1\"");
      }
    }
  }
}
