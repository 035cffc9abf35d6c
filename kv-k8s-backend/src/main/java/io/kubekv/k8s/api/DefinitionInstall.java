package io.kubekv.k8s.api;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates or updates a CustomResourceDefinition, where that is allowed. */
public final class DefinitionInstall {
  private static final Logger log = LoggerFactory.getLogger(DefinitionInstall.class);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration RETRY = Duration.ofMillis(200);

  /** A type that was not installed, and why. */
  private record Refusal(String name, ApiFailure failure) {
    boolean isForbidden() {
      return failure instanceof ApiFailure.Forbidden;
    }

    /** All names, and why the first was refused; empty when there are none. */
    static Optional<String> told(List<Refusal> refusals) {
      return refusals.stream()
          .findFirst()
          .map(
              first ->
                  refusals.stream().map(Refusal::name).collect(Collectors.joining(", "))
                      + " ("
                      + first.failure().message()
                      + ")");
    }
  }

  private DefinitionInstall() {}

  /**
   * Blocks until the type is served; tries again what failed for a passing reason. Logs and returns
   * when it may not or cannot be installed in time.
   *
   * @param patience for how long at most
   */
  public static void install(
      KubernetesClient client, CustomResourceDefinition wanted, Duration patience) {
    install(client, List.of(wanted), patience);
  }

  /**
   * The same for several types, within one patience. What is the same for all of them is said once.
   */
  public static void install(
      KubernetesClient client, List<CustomResourceDefinition> wanted, Duration patience) {
    run(client, wanted, Deadline.in(patience));
  }

  private static void run(
      KubernetesClient client, List<CustomResourceDefinition> wanted, Deadline deadline) {
    List<Refusal> refusals = new ArrayList<>();
    for (CustomResourceDefinition one : wanted) {
      boolean isInVain = !refusals.isEmpty() && deadline.passed();
      Optional<ApiFailure> failure =
          isInVain ? Optional.of(refusals.getLast().failure()) : settled(client, one, deadline);
      failure.ifPresent(why -> refusals.add(new Refusal(nameOf(one), why)));
    }
    report(refusals);
  }

  /** Why it is not installed, after all attempts. */
  private static Optional<ApiFailure> settled(
      KubernetesClient client, CustomResourceDefinition wanted, Deadline deadline) {
    Optional<ApiFailure> failure = attempt(client, wanted, deadline);
    while (failure.filter(DefinitionInstall::isPassing).isPresent() && !deadline.passed()) {
      Duration pause = failure.flatMap(ApiFailure::retryAfter).orElse(RETRY);
      LockSupport.parkNanos(Math.min(pause.toNanos(), deadline.left()));
      failure = attempt(client, wanted, deadline);
    }
    return failure;
  }

  private static void report(List<Refusal> refusals) {
    Map<Boolean, List<Refusal>> byForbidden =
        refusals.stream().collect(Collectors.partitioningBy(Refusal::isForbidden));
    Refusal.told(byForbidden.getOrDefault(true, List.of()))
        .ifPresent(
            what -> log.info("this account may not install types, taken as they are: {}", what));
    Refusal.told(byForbidden.getOrDefault(false, List.of()))
        .ifPresent(
            what ->
                log.warn(
                    "types not installed by us, which must be there: {}. kubectl apply -f can"
                        + " install them",
                    what));
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
    return failure.isPassing()
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

  /** Right after it was installed a real API server says nothing of how it is, or less. */
  static boolean isServed(@Nullable CustomResourceDefinition there) {
    return there != null
        && there.getStatus() != null
        && there.getStatus().getConditions() != null
        && there.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }
}
