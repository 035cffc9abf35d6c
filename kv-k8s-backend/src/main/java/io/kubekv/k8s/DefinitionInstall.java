package io.kubekv.k8s;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates or updates a CustomResourceDefinition, where that is allowed. */
public final class DefinitionInstall {
  private static final Logger log = LoggerFactory.getLogger(DefinitionInstall.class);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration RETRY = Duration.ofMillis(200);

  private DefinitionInstall() {}

  /** Installs the type of the keys; as {@link #install}. */
  static void run(KubernetesClient client, Deadline deadline) {
    run(client, KeyValueDefinition.definition(), deadline);
  }

  /**
   * Blocks until the type is served; tries again what failed for a passing reason. Logs and returns
   * when it may not or cannot be installed in time.
   *
   * @param patience for how long at most
   */
  public static void install(
      KubernetesClient client, CustomResourceDefinition wanted, Duration patience) {
    run(client, wanted, Deadline.in(patience));
  }

  private static void run(
      KubernetesClient client, CustomResourceDefinition wanted, Deadline deadline) {
    Optional<ApiFailure> failure = attempt(client, wanted, deadline);
    while (failure.filter(DefinitionInstall::isPassing).isPresent() && !deadline.passed()) {
      Duration pause = failure.flatMap(ApiFailure::retryAfter).orElse(RETRY);
      LockSupport.parkNanos(Math.min(pause.toNanos(), deadline.left()));
      failure = attempt(client, wanted, deadline);
    }
    failure.ifPresent(refused -> report(nameOf(wanted), refused));
  }

  private static void report(String name, ApiFailure refused) {
    if (refused instanceof ApiFailure.Forbidden) {
      log.info("{} is taken as it is: {}", name, refused.message());
    } else {
      log.warn(
          "{} is not installed by us: {}. It must be there; kubectl apply -f can install it",
          name,
          refused.message());
    }
  }

  private static Optional<ApiFailure> attempt(
      KubernetesClient client, CustomResourceDefinition wanted, Deadline deadline) {
    try {
      install(client, wanted);
      awaitServed(client, nameOf(wanted), deadline);
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

  private static void install(KubernetesClient client, CustomResourceDefinition wanted) {
    CustomResourceDefinition there = find(client, nameOf(wanted));
    if (there == null) {
      client.resource(wanted).create();
      log.info("installed {}", nameOf(wanted));
    } else if (!there.getSpec().getVersions().equals(wanted.getSpec().getVersions())) {
      wanted.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
      client.resource(wanted).update();
      log.info("updated {}", nameOf(wanted));
    }
  }

  private static CustomResourceDefinition find(KubernetesClient client, String name) {
    return client.apiextensions().v1().customResourceDefinitions().withName(name).get();
  }

  private static void awaitServed(KubernetesClient client, String name, Deadline deadline) {
    while (!deadline.passed() && !isServed(find(client, name))) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private static String nameOf(CustomResourceDefinition definition) {
    return definition.getMetadata().getName();
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
