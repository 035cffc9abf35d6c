package io.kubekv.embedded;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * The types that are served now: the built-in ones and those of the stored
 * CustomResourceDefinitions. Rebuilt after every change of a definition, before that change is
 * answered; readable by any thread.
 */
final class ServedTypes {
  private final ObjectStore store;
  private final ServedType namespaces;
  private final ServedType definitions;
  private final ServedType leases;
  private volatile Catalog catalog;

  /** One state of the catalogue: {@code byPath} is keyed by group/version/plural. */
  private record Catalog(Map<String, ServedType> byPath, List<ResourceType> types) {}

  ServedTypes(ObjectStore store) {
    this.store = store;
    namespaces = ServedType.of(BuiltinTypes.namespace(), ServedType.Rules.NAMESPACE, store);
    definitions = ServedType.of(BuiltinTypes.definition(), ServedType.Rules.DEFINITION, store);
    leases = ServedType.of(BuiltinTypes.lease(), ServedType.Rules.LEASE, store);
    catalog = read();
    store.addListener(definitions.table(), this::refresh);
  }

  /** One at a time, so that no older state comes last. */
  private synchronized void refresh() {
    catalog = read();
  }

  private Catalog read() {
    long revision = store.revision();
    Map<String, ServedType> byPath = new TreeMap<>();
    for (ServedType builtin : List.of(namespaces, definitions, leases)) {
      byPath.put(path(builtin.type()), builtin);
    }
    definitions
        .table()
        .range("", "")
        .forEach(
            (key, head) -> {
              Version version = Version.alive(Version.at(head, revision));
              if (version != null) {
                addCustom(ObjectJson.parse(version), byPath);
              }
            });
    return new Catalog(byPath, byPath.values().stream().map(ServedType::type).toList());
  }

  private void addCustom(ObjectNode definition, Map<String, ServedType> byPath) {
    if (!definition.path("metadata").has("deletionTimestamp")) {
      ResourceType type = Definitions.resourceType(definition);
      byPath.putIfAbsent(path(type), ServedType.of(type, ServedType.Rules.CUSTOM_RESOURCE, store));
    }
  }

  private static String path(ResourceType type) {
    return path(type.group(), type.version(), type.plural());
  }

  private static String path(String group, String version, String plural) {
    return group + "/" + version + "/" + plural;
  }

  Optional<ServedType> find(String group, String version, String plural) {
    return Optional.ofNullable(catalog.byPath().get(path(group, version, plural)));
  }

  /** All served types by group, version and plural; another list whenever they have changed. */
  List<ResourceType> all() {
    return catalog.types();
  }

  /** The served types whose objects live in namespaces. */
  Collection<ServedType> namespaced() {
    return catalog.byPath().values().stream().filter(s -> s.type().namespaced()).toList();
  }

  ServedType namespaces() {
    return namespaces;
  }

  ServedType definitions() {
    return definitions;
  }
}
