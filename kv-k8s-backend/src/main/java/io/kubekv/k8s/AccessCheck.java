package io.kubekv.k8s;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a cluster lets its account do what a store must do, asked before anything is tried. */
public final class AccessCheck {
  private static final Logger log = LoggerFactory.getLogger(AccessCheck.class);

  /** The rights of {@code role.yaml}. */
  static final List<Right> NEEDED =
      List.of(
          new Right("kubekv.io", "keyvalues", "get"),
          new Right("kubekv.io", "keyvalues", "list"),
          new Right("kubekv.io", "keyvalues", "watch"),
          new Right("kubekv.io", "keyvalues", "create"),
          new Right("kubekv.io", "keyvalues", "update"),
          new Right("kubekv.io", "keyvalues", "delete"),
          new Right("coordination.k8s.io", "leases", "get"),
          new Right("coordination.k8s.io", "leases", "create"),
          new Right("coordination.k8s.io", "leases", "update"));

  /** One verb on one resource. */
  record Right(String group, String resource, String verb) {
    @Override
    public String toString() {
      return verb + " " + resource + "." + group;
    }
  }

  private AccessCheck() {}

  /**
   * Returns when the account may do everything, and the type is served or may be installed; also
   * when the API cannot be asked, for then nothing is known. Blocks, for ten short requests.
   *
   * @throws IllegalStateException naming each right that is missing
   */
  public static void require(KubernetesClient client, String namespace) {
    try {
      requireRights(client, namespace);
      requireType(client);
    } catch (KubernetesClientException unknown) {
      log.warn(
          "cannot ask the cluster what this account may do: {}",
          KubernetesErrors.of(unknown).message());
    }
  }

  private static void requireRights(KubernetesClient client, String namespace) {
    String missing =
        NEEDED.stream()
            .filter(right -> !isAllowed(client, right, Optional.of(namespace)))
            .map(Right::toString)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "this account of the cluster may not, in namespace "
              + namespace
              + ": "
              + missing
              + ". kubekv's role.yaml has all that it needs");
    }
  }

  private static void requireType(KubernetesClient client) {
    boolean served = client.getApiResources(KeyValueDefinition.API_VERSION) != null;
    Right install = new Right("apiextensions.k8s.io", "customresourcedefinitions", "create");
    if (!served && !isAllowed(client, install, Optional.empty())) {
      throw new IllegalStateException(
          KeyValueDefinition.NAME
              + " is not installed, and this account of the cluster may not "
              + install
              + ": somebody who may must apply kubekv's keyvalues.yaml first");
    }
  }

  private static boolean isAllowed(
      KubernetesClient client, Right right, Optional<String> namespace) {
    SelfSubjectAccessReview question =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withGroup(right.group())
            .withResource(right.resource())
            .withVerb(right.verb())
            .withNamespace(namespace.orElse(null))
            .endResourceAttributes()
            .endSpec()
            .build();
    return client
        .authorization()
        .v1()
        .selfSubjectAccessReview()
        .create(question)
        .getStatus()
        .getAllowed();
  }
}
