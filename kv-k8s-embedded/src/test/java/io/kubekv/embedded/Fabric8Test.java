package io.kubekv.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client that kubekv uses, against the server that it starts by default. */
class Fabric8Test {
  private EmbeddedApiServer server;

  @BeforeEach
  void start() throws Exception {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private KubernetesClient client(boolean onlyHttpWatches) {
    Config config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl(server.uri().toString())
            .withOauthToken(server.token())
            .withNamespace("default")
            .withRequestRetryBackoffLimit(0)
            .withOnlyHttpWatches(onlyHttpWatches)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static Lease lease(String holder) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withName("l")
        .withNamespace("default")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds(6)
        .endSpec()
        .build();
  }

  @Test
  void lease_createUpdateAndLock_followTheRevision() {
    try (KubernetesClient client = client(false)) {
      Lease made = client.resource(lease("a")).create();
      Lease held = new LeaseBuilder(made).editSpec().withHolderIdentity("b").endSpec().build();

      Lease updated = client.resource(held).update();

      assertThat(updated.getSpec().getHolderIdentity()).isEqualTo("b");
      assertThatThrownBy(() -> client.resource(held).update())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
      assertThatThrownBy(
              () ->
                  client
                      .resource(updated)
                      .lockResourceVersion(made.getMetadata().getResourceVersion())
                      .delete())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    }
  }

  @Test
  void namespaces_genericResources_areServed() {
    try (KubernetesClient client = client(false)) {
      List<GenericKubernetesResource> all =
          client.genericKubernetesResources("v1", "Namespace").list().getItems();

      assertThat(all).extracting(r -> r.getMetadata().getName()).containsExactly("default");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void watch_overWebSocketAndHttp_seesEveryChangeInOrder(boolean onlyHttp) throws Exception {
    try (KubernetesClient client = client(onlyHttp)) {
      BlockingQueue<String> seen = new LinkedBlockingQueue<>();
      String rv = client.leases().list().getMetadata().getResourceVersion();
      try (Watch watch =
          client
              .leases()
              .inNamespace("default")
              .watch(
                  new ListOptionsBuilder().withResourceVersion(rv).build(),
                  new Watcher<Lease>() {
                    @Override
                    public void eventReceived(Action action, Lease lease) {
                      seen.add(action + " " + lease.getSpec().getHolderIdentity());
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                      seen.add("CLOSED");
                    }
                  })) {
        assertThat(watch).isNotNull();
        Lease made = client.resource(lease("a")).create();
        client
            .resource(new LeaseBuilder(made).editSpec().withHolderIdentity("b").endSpec().build())
            .update();
        client.resource(lease("b")).delete();

        for (String expected : List.of("ADDED a", "MODIFIED b", "DELETED b")) {
          assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo(expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void watch_fromACompactedRevision_isGone(boolean onlyHttp) throws Exception {
    try (KubernetesClient client = client(onlyHttp)) {
      client.resource(lease("a")).create();
      server.faults().compactNow();
      CompletableFuture<Boolean> gone = new CompletableFuture<>();
      try (Watch watch =
          client
              .leases()
              .inNamespace("default")
              .watch(
                  new ListOptionsBuilder().withResourceVersion("1").build(),
                  new Watcher<Lease>() {
                    @Override
                    public void eventReceived(Action action, Lease lease) {}

                    @Override
                    public void onClose(WatcherException cause) {
                      gone.complete(cause.isHttpGone());
                    }
                  })) {
        assertThat(watch).isNotNull();
        assertThat(gone.get(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }
}
