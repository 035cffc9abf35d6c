package io.kubekv.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API at the other end of a connection that answers what a test says. */
class HttpKubernetesApiTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpServer server;
  private KubernetesClient client;
  private volatile String answer = "";

  HttpKubernetesApiTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void start() {
    server.createContext(
        "/",
        exchange -> {
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void answerThatIsNoneOfAnApi_isAFailureOfTheCall() {
    HttpKubernetesApi api = new HttpKubernetesApi(client, "default", PATIENCE);
    for (String foreign : new String[] {"<html>signed out</html>", "{\"items\": [{\"meta", "[]"}) {
      answer = foreign;

      assertThatThrownBy(() -> api.list(Optional.empty()))
          .as(foreign)
          .isInstanceOf(ApiCallException.class)
          .hasMessageContaining("no answer of a Kubernetes API");
      assertThatThrownBy(() -> api.get("k0"))
          .as(foreign)
          .isInstanceOf(ApiCallException.class)
          .hasMessageContaining("no answer of a Kubernetes API");
    }
  }

  @Test
  void listThatTheHeapHasNoRoomFor_isRefusedWithWhatToDo() throws Exception {
    answer = page();

    assertThat(
            new HttpKubernetesApi(client, "default", PATIENCE, 10_000)
                .list(Optional.empty())
                .objects())
        .hasSize(1);
    assertThatThrownBy(
            () -> new HttpKubernetesApi(client, "default", PATIENCE, 1000).list(Optional.empty()))
        .isInstanceOf(ApiCallException.class)
        .hasMessageContainingAll("has no room", "-Xmx");
  }

  private static String page() {
    return "{\"kind\":\"KeyValueList\",\"apiVersion\":\"kubekv.io/v1\",\"metadata\":"
        + "{\"resourceVersion\":\"7\"},\"items\":[{\"apiVersion\":\"kubekv.io/v1\","
        + "\"kind\":\"KeyValue\",\"metadata\":{\"name\":\""
        + ObjectNames.of(ObjectType.VALUE, io.kubekv.Key.of("k"))
        + "\",\"uid\":\"u\",\"resourceVersion\":\"5\"},\"spec\":{\"key\":\"k\","
        + "\"type\":\"Value\",\"value\":\""
        + "x".repeat(1000)
        + "\"}}]}";
  }
}
