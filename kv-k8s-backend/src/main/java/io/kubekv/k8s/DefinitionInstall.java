package io.kubekv.k8s;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates or updates the CustomResourceDefinition, where that is allowed. */
final class DefinitionInstall {
  private static final Logger log = LoggerFactory.getLogger(DefinitionInstall.class);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration RETRY = Duration.ofMillis(200);

  private DefinitionInstall() {}

  /**
   * Blocks until the type is served; tries again what failed for a passing reason. Logs and returns
   * when it may not or cannot be installed in time.
   */
  static void run(KubernetesClient client, Deadline deadline) {
    Optional<ApiFailure> failure = attempt(client, deadline);
    while (failure.filter(DefinitionInstall::isPassing).isPresent() && !deadline.passed()) {
      Duration pause = failure.flatMap(ApiFailure::retryAfter).orElse(RETRY);
      LockSupport.parkNanos(Math.min(pause.toNanos(), deadline.left()));
      failure = attempt(client, deadline);
    }
    failure.ifPresent(DefinitionInstall::report);
  }

  private static void report(ApiFailure refused) {
    if (refused instanceof ApiFailure.Forbidden) {
      log.info("{} is taken as it is: {}", KeyValueDefinition.NAME, refused.message());
    } else {
      log.warn(
          "{} is not installed by us: {}. It must be there; kubectl apply -f can install it",
          KeyValueDefinition.NAME,
          refused.message());
    }
  }

  private static Optional<ApiFailure> attempt(KubernetesClient client, Deadline deadline) {
    try {
      install(client);
      awaitServed(client, deadline);
      return Optional.empty();
    } catch (KubernetesClientException refused) {
      return Optional.of(KubernetesErrors.of(refused));
    }
  }

  /** Also when somebody else is installing it at the same time. */
  private static boolean isPassing(ApiFailure failure) {
    return failure.mayBeApplied()
        || failure instanceof ApiFailure.Unreachable
        || failure instanceof ApiFailure.TooManyRequests
        || failure instanceof ApiFailure.AlreadyExists
        || failure instanceof ApiFailure.Conflict;
  }

  private static void install(KubernetesClient client) {
    CustomResourceDefinition wanted = KeyValueDefinition.definition();
    CustomResourceDefinition there = find(client);
    if (there == null) {
      client.resource(wanted).create();
      log.info("installed {}", KeyValueDefinition.NAME);
    } else if (!there.getSpec().getVersions().equals(wanted.getSpec().getVersions())) {
      wanted.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
      client.resource(wanted).update();
      log.info("updated {}", KeyValueDefinition.NAME);
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

  private static void awaitServed(KubernetesClient client, Deadline deadline) {
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
