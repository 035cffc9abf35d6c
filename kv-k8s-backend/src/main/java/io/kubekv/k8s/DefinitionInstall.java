package io.kubekv.k8s;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates or updates the CustomResourceDefinition, where that is allowed. */
final class DefinitionInstall {
  private static final Logger log = LoggerFactory.getLogger(DefinitionInstall.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private DefinitionInstall() {}

  /** Blocks until the type is served; logs and returns when it may not or cannot be installed. */
  static void run(KubernetesClient client) {
    CustomResourceDefinition wanted = KeyValueDefinition.definition();
    try {
      CustomResourceDefinition there = find(client);
      if (there == null) {
        client.resource(wanted).create();
        log.info("installed {}", KeyValueDefinition.NAME);
      } else if (!there.getSpec().getVersions().equals(wanted.getSpec().getVersions())) {
        wanted.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
        client.resource(wanted).update();
        log.info("updated {}", KeyValueDefinition.NAME);
      }
      awaitServed(client);
    } catch (KubernetesClientException refused) {
      log.warn(
          "{} is not installed by us: {}. It must be there; kubectl apply -f can install it",
          KeyValueDefinition.NAME,
          KubernetesErrors.of(refused).message());
    }
  }

  private static CustomResourceDefinition find(KubernetesClient client) {
    return client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName(KeyValueDefinition.NAME)
        .get();
  }

  private static void awaitServed(KubernetesClient client) {
    Deadline deadline = Deadline.in(PATIENCE);
    while (!deadline.passed() && !isServed(find(client))) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static boolean isServed(CustomResourceDefinition there) {
    return there != null
        && there.getStatus() != null
        && there.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }
}
