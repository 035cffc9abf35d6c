package io.kubekv.k8s.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubekv.embedded.EmbeddedApiServer;
import io.kubekv.embedded.EmbeddedApiServerConfig;
import io.kubekv.embedded.Faults.Call;
import io.kubekv.embedded.Faults.Fault;
import io.kubekv.k8s.form.KeyValueDefinition;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DefinitionInstallTest {
  private static final Predicate<Call> DEFINITIONS =
      call -> call.path().contains("/customresourcedefinitions");

  private EmbeddedApiServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() throws IOException {
    server = EmbeddedApiServer.start(EmbeddedApiServerConfig.inMemory());
    client = EmbeddedClient.of(server);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void install_refusedForAWhile_triesAgain() {
    server.faults().inject(1, DEFINITIONS, new Fault.TooManyRequests(1));
    server.faults().inject(1, DEFINITIONS.and(Call::write), new Fault.ErrorBeforeCommit());

    DefinitionInstall.install(client, KeyValueDefinition.definition(), Duration.ofSeconds(20));

    assertThat(definition()).isPresent();
  }

  @Test
  void install_requestLost_triesAgain() {
    server.faults().inject(1, DEFINITIONS.and(Call::write), new Fault.DropRequest());

    DefinitionInstall.install(client, KeyValueDefinition.definition(), Duration.ofSeconds(20));

    assertThat(definition()).isPresent();
  }

  @Test
  void install_outOfReach_returnsInTime() {
    server.faults().inject(DEFINITIONS, new Fault.DropRequest());

    DefinitionInstall.install(client, KeyValueDefinition.definition(), Duration.ofMillis(300));

    server.faults().clear();
    assertThat(definition()).isEmpty();
  }

  @Test
  void isServed_whileTheApiDoesNotSayYet_isFalse() {
    CustomResourceDefinition definition = KeyValueDefinition.definition();
    assertThat(DefinitionInstall.isServed(definition)).isFalse();
    definition.setStatus(new CustomResourceDefinitionStatus());
    definition.getStatus().setConditions(null);

    assertThat(DefinitionInstall.isServed(definition)).isFalse();
  }

  private Optional<CustomResourceDefinition> definition() {
    return Optional.ofNullable(
        client
            .apiextensions()
            .v1()
            .customResourceDefinitions()
            .withName(KeyValueDefinition.PLURAL + ".kubekv.io")
            .get());
  }
}
