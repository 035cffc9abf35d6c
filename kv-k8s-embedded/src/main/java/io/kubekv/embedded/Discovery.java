package io.kubekv.embedded;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The discovery documents: which groups, versions and resources are served. Made from one state of
 * the catalogue of types; immutable.
 *
 * <p>Both forms are there: one document per group and version for old clients, and the aggregated
 * document (apidiscovery.k8s.io v2 and v2beta1, which have the same content) for new ones.
 */
final class Discovery {
  private static final List<String> VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

  private static final Pattern VERSION = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

  /** Preferred versions first: v2, v1, v1beta2, v1beta1, v1alpha1, then the rest by name. */
  private static final Comparator<String> BY_PRIORITY =
      Comparator.comparingLong(Discovery::rank).reversed().thenComparing(name -> name);

  /** group, version, types; the core group is the empty string and comes first. */
  private final Map<String, Map<String, List<ResourceType>>> groups = new TreeMap<>();

  Discovery(Collection<ResourceType> types) {
    for (ResourceType type : types) {
      groups
          .computeIfAbsent(type.group(), g -> new TreeMap<>(BY_PRIORITY))
          .merge(type.version(), List.of(type), Discovery::concat);
    }
  }

  /** {@code /api}: the versions of the core group; {@code address} is this server's host:port. */
  ObjectNode coreVersions(String address) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("kind", "APIVersions").putArray("versions").add("v1");
    ObjectNode server = document.putArray("serverAddressByClientCIDRs").addObject();
    server.put("clientCIDR", "0.0.0.0/0").put("serverAddress", address);
    return document;
  }

  /** {@code /apis}: every named group. */
  ObjectNode groupList() {
    ObjectNode list = document("APIGroupList", "v1");
    ArrayNode all = list.putArray("groups");
    groups.forEach(
        (group, versions) -> {
          if (!group.isEmpty()) {
            describe(all.addObject(), group, versions.keySet());
          }
        });
    return list;
  }

  /** {@code /apis/GROUP}; empty when nothing of that group is served. */
  Optional<ObjectNode> group(String group) {
    return Optional.ofNullable(groups.get(group))
        .map(versions -> describe(document("APIGroup", "v1"), group, versions.keySet()));
  }

  /** {@code /api/v1} or {@code /apis/GROUP/VERSION}; empty when it is not served. */
  Optional<ObjectNode> resourceList(String group, String version) {
    return Optional.ofNullable(groups.getOrDefault(group, Map.of()).get(version))
        .map(types -> resources(group.isEmpty() ? version : group + "/" + version, types));
  }

  /**
   * The aggregated document of {@code /api} (the core group alone) or {@code /apis} (the others).
   *
   * @param version {@code v2} or {@code v2beta1}, as negotiated
   */
  ObjectNode aggregated(boolean core, String version) {
    ObjectNode list = document("APIGroupDiscoveryList", "apidiscovery.k8s.io/" + version);
    list.putObject("metadata");
    ArrayNode items = list.putArray("items");
    groups.forEach(
        (group, versions) -> {
          if (group.isEmpty() == core) {
            aggregate(items.addObject(), group, versions);
          }
        });
    return list;
  }

  /** {@code /version}: which Kubernetes this server imitates. */
  static ObjectNode version() {
    ObjectNode version = JsonNodeFactory.instance.objectNode();
    version.put("major", "1").put("minor", "37").put("gitVersion", "v1.37.0+kubekv");
    version.put("gitCommit", "").put("gitTreeState", "clean").put("buildDate", "");
    version.put("goVersion", "").put("compiler", "java");
    return version.put("platform", System.getProperty("os.name", "").toLowerCase(Locale.ROOT));
  }

  private static ObjectNode describe(ObjectNode node, String group, Collection<String> versions) {
    node.put("name", group);
    ArrayNode all = node.putArray("versions");
    for (String version : versions) {
      all.addObject().put("groupVersion", group + "/" + version).put("version", version);
    }
    node.set("preferredVersion", all.get(0).deepCopy());
    return node;
  }

  private static ObjectNode resources(String groupVersion, List<ResourceType> types) {
    ObjectNode list = document("APIResourceList", "v1").put("groupVersion", groupVersion);
    ArrayNode resources = list.putArray("resources");
    for (ResourceType type : types) {
      ObjectNode resource = resources.addObject().put("name", type.plural());
      resource.put("singularName", type.singular()).put("namespaced", type.namespaced());
      resource.put("kind", type.kind());
      VERBS.forEach(resource.putArray("verbs")::add);
      addNames(resource, type);
      if (type.statusSubresource()) {
        ObjectNode status = resources.addObject().put("name", type.plural() + "/status");
        status.put("singularName", "").put("namespaced", type.namespaced());
        status.put("kind", type.kind());
        STATUS_VERBS.forEach(status.putArray("verbs")::add);
      }
    }
    return list;
  }

  private static void aggregate(
      ObjectNode item, String group, Map<String, List<ResourceType>> versions) {
    item.putObject("metadata").put("name", group);
    ArrayNode all = item.putArray("versions");
    versions.forEach(
        (version, types) -> {
          ObjectNode node = all.addObject().put("version", version);
          ArrayNode resources = node.putArray("resources");
          types.forEach(type -> aggregate(resources.addObject(), type));
          node.put("freshness", "Current");
        });
  }

  private static void aggregate(ObjectNode resource, ResourceType type) {
    resource.put("resource", type.plural());
    resource.set("responseKind", responseKind(type));
    resource.put("scope", type.namespaced() ? "Namespaced" : "Cluster");
    resource.put("singularResource", type.singular());
    VERBS.forEach(resource.putArray("verbs")::add);
    addNames(resource, type);
    if (type.statusSubresource()) {
      ObjectNode status = resource.putArray("subresources").addObject();
      status.put("subresource", "status").set("responseKind", responseKind(type));
      STATUS_VERBS.forEach(status.putArray("verbs")::add);
    }
  }

  private static ObjectNode responseKind(ResourceType type) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("group", type.group())
        .put("version", type.version())
        .put("kind", type.kind());
  }

  private static void addNames(ObjectNode resource, ResourceType type) {
    if (!type.shortNames().isEmpty()) {
      type.shortNames().forEach(resource.putArray("shortNames")::add);
    }
    if (!type.categories().isEmpty()) {
      type.categories().forEach(resource.putArray("categories")::add);
    }
  }

  private static ObjectNode document(String kind, String apiVersion) {
    return JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", apiVersion);
  }

  private static List<ResourceType> concat(List<ResourceType> some, List<ResourceType> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static long rank(String version) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.matches() || version.length() > 12) {
      return -1;
    }
    String stage = matcher.group(2);
    long stability = stage == null ? 3 : stage.equals("beta") ? 2 : 1;
    long minor = stage == null ? 0 : Long.parseLong(matcher.group(3));
    return (stability << 60) + (Long.parseLong(matcher.group(1)) << 24) + minor;
  }
}
