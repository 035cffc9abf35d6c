package io.kubekv.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.embedded.Faults;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** fabric8 does with this transport what it does with its own. */
class LoopbackClientTest {
  private EmbeddedApiServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    client = LoopbackContractTest.client(server);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  private static Lease lease(String name) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }

  private HttpRequest.Builder request(HttpClient http) {
    return http.newHttpRequestBuilder()
        .uri(server.uri() + "/apis/coordination.k8s.io/v1/namespaces/default/leases");
  }

  @Test
  void create_twice_isRefusedWithTheServersStatus() {
    client.resource(lease("a")).create();

    assertThatThrownBy(() -> client.resource(lease("a")).create())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            refused -> assertThat(refused.getStatus().getReason()).isEqualTo("AlreadyExists"));
  }

  @Test
  void watch_showsChangesUntilItIsClosed() throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    try (Watch watch = client.leases().inNamespace("default").watch(watcher(seen))) {
      client.resource(lease("a")).create();
      client.resource(lease("b")).create();

      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("ADDED a");
      assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("ADDED b");
    }
  }

  private static Watcher<Lease> watcher(BlockingQueue<String> seen) {
    return new Watcher<>() {
      @Override
      public void eventReceived(Action action, Lease lease) {
        seen.add(action + " " + lease.getMetadata().getName());
      }

      @Override
      public void onClose(WatcherException why) {
        seen.add("closed");
      }
    };
  }

  @Test
  void sendAsync_ofADroppedAnswer_failsAsABrokenConnectionDoes() {
    HttpClient http = client.getHttpClient();
    server.faults().inject(1, call -> true, new Faults.Fault.DropAnswer());

    assertThat(http.sendAsync(request(http).build(), byte[].class))
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .withRootCauseInstanceOf(IOException.class);
  }

  @Test
  void sendAsync_withoutAnAnswerInTime_fails() {
    HttpClient http = client.getHttpClient();
    CompletableFuture<Void> never = new CompletableFuture<>();
    server.faults().inject(1, call -> true, new Faults.Fault.HoldAnswer(never));

    assertThat(
            http.sendAsync(request(http).timeout(200, TimeUnit.MILLISECONDS).build(), byte[].class))
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .withRootCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void sendAsync_ofAClosedClient_isRefused() {
    HttpClient http = client.getHttpClient();
    HttpRequest late = request(http).build();
    client.close();

    assertThatThrownBy(() -> http.sendAsync(late, byte[].class))
        .isInstanceOf(IllegalStateException.class);
  }
}
