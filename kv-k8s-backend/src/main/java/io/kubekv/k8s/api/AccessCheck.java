package io.kubekv.k8s.api;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubekv.k8s.form.KeyValueDefinition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a cluster lets its account do what a store must do, asked before anything is tried. */
public final class AccessCheck {
  private static final Logger log = LoggerFactory.getLogger(AccessCheck.class);

  private static final String OURS = "kubekv.io";

  /** The types of objects that a store has. */
  static final List<String> TYPES =
      List.of("storelogs", "storechunks", "storemanifests", "stores", "keyvalues");

  /** The rights of {@code role.yaml}, but {@link #EVENTS} and {@link #DOCKER}. */
  static final List<Right> NEEDED =
      Stream.of(
              Right.of(OURS, "storelogs", "get", "list", "watch", "create", "update"),
              Right.of(OURS, "storechunks", "get", "list", "create", "update", "delete"),
              Right.of(OURS, "storemanifests", "get", "create", "update"),
              Right.of(OURS, "stores", "get", "create", "update"),
              Right.of(OURS, "keyvalues", "get", "list", "watch", "create", "update", "delete"),
              Right.of("coordination.k8s.io", "leases", "get", "create", "update"))
          .flatMap(List::stream)
          .toList();

  /** Without them only people miss something: what Docker keeps, as objects of its own types. */
  static final List<Right> DOCKER =
      Stream.of("dockernetworks", "dockerendpoints", "dockernodes")
          .map(type -> Right.of(OURS, type, "get", "list", "watch", "create", "update", "delete"))
          .flatMap(List::stream)
          .toList();

  /** Without it only people miss something. */
  static final Right EVENTS = new Right("", "events", "create");

  /** One verb on one resource. */
  record Right(String group, String resource, String verb) {
    static List<Right> of(String group, String resource, String... verbs) {
      return Stream.of(verbs).map(verb -> new Right(group, resource, verb)).toList();
    }

    @Override
    public String toString() {
      return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
  }

  private AccessCheck() {}

  /**
   * Returns when the account may do everything, and the types are served or may be installed; also
   * when the API cannot be asked, for then nothing is known. Blocks, for some thirty short
   * requests.
   *
   * @throws IllegalStateException naming each right that is missing
   */
  public static void require(KubernetesClient client, String namespace) {
    try {
      requireRights(client, namespace);
      requireTypes(client);
      if (!isAllowed(client, EVENTS, Optional.of(namespace))) {
        log.warn(
            "this account of the cluster may not {} in namespace {}: what becomes of edited"
                + " KeyValue objects is said in their conditions alone",
            EVENTS,
            namespace);
      }
      requireDocker(client, namespace);
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

  /** One right for each type: they come together. */
  private static void requireDocker(KubernetesClient client, String namespace) {
    DOCKER.stream()
        .filter(right -> right.verb().equals("create"))
        .filter(right -> !isAllowed(client, right, Optional.of(namespace)))
        .findFirst()
        .ifPresent(
            missing ->
                log.warn(
                    "this account of the cluster may not {} in namespace {}: what Docker keeps is"
                        + " shown as keys alone. kubekv's role.yaml has the rights",
                    missing,
                    namespace));
  }

  private static void requireTypes(KubernetesClient client) {
    APIResourceList known = client.getApiResources(KeyValueDefinition.API_VERSION);
    List<String> served =
        known == null
            ? List.of()
            : known.getResources().stream().map(APIResource::getName).toList();
    List<String> missing = TYPES.stream().filter(type -> !served.contains(type)).toList();
    Right install = new Right("apiextensions.k8s.io", "customresourcedefinitions", "create");
    if (!missing.isEmpty() && !isAllowed(client, install, Optional.empty())) {
      throw new IllegalStateException(
          missing.stream().map(type -> type + "." + OURS).collect(Collectors.joining(", "))
              + " not installed, and this account of the cluster may not "
              + install
              + ": somebody who may must apply "
              + missing.stream().map(type -> type + ".yaml").collect(Collectors.joining(", "))
              + " of kubekv's helm/kubekv/crds first");
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
