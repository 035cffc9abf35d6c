package io.kubekv.k8s;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a cluster lets its account do what a store must do, asked before anything is tried. */
public final class AccessCheck {
  /** What a store needs of a cluster. */
  public enum Form {
    /** An object for each key: the rights of {@code role.yaml}. */
    OBJECTS(List.of(KeyValueDefinition.PLURAL), AccessCheck.NEEDED, "role.yaml has"),

    /** A log and a view: the rights of {@code log-role.yaml} and {@code view-role.yaml}. */
    LOG(
        List.of(KeyValueDefinition.PLURAL, "storelogs", "storechunks", "storemanifests", "stores"),
        AccessCheck.NEEDED_BY_LOG,
        "log-role.yaml and view-role.yaml have");

    private final List<String> types;
    private final List<Right> rights;
    private final String roles;

    Form(List<String> types, List<Right> rights, String roles) {
      this.types = types;
      this.rights = rights;
      this.roles = roles;
    }
  }

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

  /** The rights of {@code log-role.yaml}, and of {@code view-role.yaml} but {@link #EVENTS}. */
  static final List<Right> NEEDED_BY_LOG =
      Stream.of(
              rights("kubekv.io", "storelogs", "get", "list", "watch", "create", "update"),
              rights("kubekv.io", "storechunks", "get", "list", "create", "update", "delete"),
              rights("kubekv.io", "storemanifests", "get", "create", "update"),
              rights("coordination.k8s.io", "leases", "get", "create", "update"),
              rights(
                  "kubekv.io", "keyvalues", "get", "list", "watch", "create", "update", "delete"),
              rights("kubekv.io", "stores", "get", "create", "update"))
          .flatMap(List::stream)
          .toList();

  /** Without it only people miss something. */
  static final Right EVENTS = new Right("", "events", "create");

  private static List<Right> rights(String group, String resource, String... verbs) {
    return Stream.of(verbs).map(verb -> new Right(group, resource, verb)).toList();
  }

  /** One verb on one resource. */
  record Right(String group, String resource, String verb) {
    @Override
    public String toString() {
      return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
  }

  private AccessCheck() {}

  /** As {@link #require(KubernetesClient, String, Form)}, for a store of an object for each key. */
  public static void require(KubernetesClient client, String namespace) {
    require(client, namespace, Form.OBJECTS);
  }

  /**
   * Returns when the account may do everything, and the types are served or may be installed; also
   * when the API cannot be asked, for then nothing is known. Blocks, for a short request for each
   * right.
   *
   * @throws IllegalStateException naming each right that is missing
   */
  public static void require(KubernetesClient client, String namespace, Form form) {
    try {
      requireRights(client, namespace, form);
      requireTypes(client, form);
      if (form == Form.LOG && !isAllowed(client, EVENTS, Optional.of(namespace))) {
        log.warn(
            "this account of the cluster may not {} in namespace {}: what becomes of edited"
                + " KeyValue objects is said in their conditions alone",
            EVENTS,
            namespace);
      }
    } catch (KubernetesClientException unknown) {
      log.warn(
          "cannot ask the cluster what this account may do: {}",
          KubernetesErrors.of(unknown).message());
    }
  }

  private static void requireRights(KubernetesClient client, String namespace, Form form) {
    String missing =
        form.rights.stream()
            .filter(right -> !isAllowed(client, right, Optional.of(namespace)))
            .map(Right::toString)
            .collect(Collectors.joining(", "));
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "this account of the cluster may not, in namespace "
              + namespace
              + ": "
              + missing
              + ". kubekv's "
              + form.roles
              + " all that it needs");
    }
  }

  private static void requireTypes(KubernetesClient client, Form form) {
    List<String> missing = new ArrayList<>(form.types);
    APIResourceList served = client.getApiResources(KeyValueDefinition.API_VERSION);
    if (served != null) {
      served.getResources().forEach(type -> missing.remove(type.getName()));
    }
    Right install = new Right("apiextensions.k8s.io", "customresourcedefinitions", "create");
    if (!missing.isEmpty() && !isAllowed(client, install, Optional.empty())) {
      throw new IllegalStateException(
          "the type %s is not installed, and this account of the cluster may not %s: somebody who may must apply kubekv's %s first"
              .formatted(
                  String.join(
                      ", ",
                      missing.stream().map(type -> type + "." + KeyValueDefinition.GROUP).toList()),
                  install,
                  String.join(", ", missing.stream().map(type -> type + ".yaml").toList())));
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
