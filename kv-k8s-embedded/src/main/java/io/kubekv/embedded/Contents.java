package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Empties namespaces and resource types that are being deleted, then removes them: what the
 * namespace controller and the definition finalizer do in a real cluster. Each object's removal is
 * a change of its own.
 */
final class Contents {
  private static final Logger log = LoggerFactory.getLogger(Contents.class);

  private final ObjectStore store;
  private final ServedTypes types;

  Contents(ObjectStore store, ServedTypes types) {
    this.store = store;
    this.types = types;
  }

  boolean isTerminating(String namespace) {
    Version found = store.read(types.namespaces().table(), ObjectTable.key("", namespace));
    return found != null && isMarked(ObjectJson.parse(found));
  }

  private static boolean isMarked(ObjectNode object) {
    return object.path("metadata").has("deletionTimestamp");
  }

  /** Goes on with what an earlier process began to delete. */
  void resume() {
    for (ServedType owner : List.of(types.namespaces(), types.definitions())) {
      long revision = store.revision();
      for (Map.Entry<String, Version> entry : owner.table().range("", "").entrySet()) {
        Version version = Version.alive(Version.at(entry.getValue(), revision));
        if (version != null) {
          emptyIfMarked(owner, version);
        }
      }
    }
  }

  /** To be called after a change of an object of any type has been answered. */
  void afterChange(ServedType served, ObjectStore.Committed committed) {
    switch (served.rules()) {
      case NAMESPACE, DEFINITION -> emptyIfMarked(served, committed.version());
      case LEASE, CUSTOM_RESOURCE -> {}
    }
  }

  private void emptyIfMarked(ServedType owner, Version version) {
    ObjectNode object = ObjectJson.parse(version);
    if (version.deleted() || !isMarked(object)) {
      return;
    }
    String name = object.path("metadata").path("name").asString("");
    List<Removal> removals =
        owner.rules() == ServedType.Rules.NAMESPACE ? inNamespace(name) : ofDefinition(object);
    removals.add(new Removal(owner.table(), ObjectTable.key("", name)));
    removeNext(removals, 0);
  }

  private record Removal(ObjectTable table, String key) {}

  private List<Removal> inNamespace(String namespace) {
    List<Removal> removals = new ArrayList<>();
    for (ServedType served : types.namespaced()) {
      collect(served.table(), namespace + "/", removals);
    }
    return removals;
  }

  private List<Removal> ofDefinition(ObjectNode definition) {
    List<Removal> removals = new ArrayList<>();
    ResourceType type = Definitions.resourceType(definition);
    collect(store.table(type.group() + "/" + type.plural()), "", removals);
    return removals;
  }

  private void collect(ObjectTable table, String prefix, List<Removal> removals) {
    long revision = store.revision();
    for (Map.Entry<String, Version> entry : table.range(prefix, "").entrySet()) {
      if (Version.alive(Version.at(entry.getValue(), revision)) != null) {
        removals.add(new Removal(table, entry.getKey()));
      }
    }
  }

  private void removeNext(List<Removal> removals, int at) {
    if (at == removals.size()) {
      return;
    }
    Removal removal = removals.get(at);
    Edit edit =
        current ->
            current == null
                ? new Edit.Decision.Keep(new Version(0, new byte[0], true, null))
                : new Edit.Decision.Remove();
    store.submit(
        removal.table(),
        removal.key(),
        edit,
        new ObjectStore.Reply() {
          @Override
          public void done(ObjectStore.Committed committed) {
            removeNext(removals, at + 1);
          }

          @Override
          public void refused(ApiException why) {
            log.warn("{} stays until the next start: {}", removal.key(), why.getMessage());
          }
        });
  }
}
