package io.kubekv.embedded;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of an object that somebody owns: paths to leaves. A list, an empty object and a map
 * declared atomic are leaves. On the wire it is {@code fieldsV1}.
 */
final class FieldSet {
  private static final String FIELD = "f:";

  /** What nobody owns, because the server or the URL decides it. */
  private static final Set<List<String>> NOBODYS =
      Set.of(
          List.of("apiVersion"),
          List.of("kind"),
          List.of("metadata", "name"),
          List.of("metadata", "namespace"),
          List.of("metadata", "generateName"),
          List.of("metadata", "uid"),
          List.of("metadata", "resourceVersion"),
          List.of("metadata", "generation"),
          List.of("metadata", "selfLink"),
          List.of("metadata", "creationTimestamp"),
          List.of("metadata", "deletionTimestamp"),
          List.of("metadata", "deletionGracePeriodSeconds"),
          List.of("metadata", "managedFields"));

  private static final Comparator<List<String>> BY_NAMES =
      (a, b) -> {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
          int order = a.get(i).compareTo(b.get(i));
          if (order != 0) {
            return order;
          }
        }
        return Integer.compare(a.size(), b.size());
      };

  private final TreeSet<List<String>> paths = new TreeSet<>(BY_NAMES);

  /** The fields that an object of this schema has. */
  static FieldSet of(JsonNode object, JsonNode schema) {
    FieldSet set = new FieldSet();
    set.collect(object, schema, List.of());
    return set;
  }

  /** Reads {@code fieldsV1}; keys of lists ({@code k:}, {@code v:}) count as owning the list. */
  static FieldSet parse(JsonNode fieldsV1) {
    FieldSet set = new FieldSet();
    set.read(fieldsV1, List.of());
    return set;
  }

  /** The wire form. */
  ObjectNode toJson() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (List<String> path : paths) {
      ObjectNode node = root;
      for (String name : path) {
        node = node.withObjectProperty(FIELD + name);
      }
    }
    return root;
  }

  List<List<String>> paths() {
    return List.copyOf(paths);
  }

  boolean isEmpty() {
    return paths.isEmpty();
  }

  void addAll(FieldSet more) {
    paths.addAll(more.paths);
  }

  /** The subset of paths for which the test holds. */
  FieldSet where(Predicate<List<String>> test) {
    FieldSet subset = new FieldSet();
    paths.stream().filter(test).forEach(subset.paths::add);
    return subset;
  }

  /** Drops this path, everything above it and everything below it. */
  void removeRelated(List<String> path) {
    paths.removeIf(own -> related(own, path));
  }

  /** Whether this path, one above it or one below it is in the set. */
  boolean containsRelated(List<String> path) {
    return paths.stream().anyMatch(own -> related(own, path));
  }

  /** The value at a path; a missing node when there is none. */
  static JsonNode at(JsonNode object, List<String> path) {
    JsonNode node = object;
    for (String name : path) {
      node = node.path(name);
    }
    return node;
  }

  /** {@code .spec.key}, as messages name a field. */
  static String dotted(List<String> path) {
    return "." + String.join(".", path);
  }

  private static boolean related(List<String> a, List<String> b) {
    int shared = Math.min(a.size(), b.size());
    return a.subList(0, shared).equals(b.subList(0, shared));
  }

  private void collect(JsonNode value, JsonNode schema, List<String> path) {
    if (NOBODYS.contains(path)) {
      return;
    }
    boolean atomic = schema.path("x-kubernetes-map-type").asString("").equals("atomic");
    if (value instanceof ObjectNode object && !object.isEmpty() && !atomic) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        JsonNode property = schema.path("properties").path(field.getKey());
        JsonNode below = property.isMissingNode() ? schema.path("additionalProperties") : property;
        collect(field.getValue(), below, append(path, field.getKey()));
      }
    } else if (!path.isEmpty() && !path.equals(List.of("metadata"))) {
      paths.add(path);
    }
  }

  private void read(@Nullable JsonNode fields, List<String> path) {
    boolean leaf = true;
    if (fields instanceof ObjectNode node) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        if (field.getKey().startsWith(FIELD)) {
          leaf = false;
          read(field.getValue(), append(path, field.getKey().substring(FIELD.length())));
        }
      }
    }
    if (leaf && !path.isEmpty()) {
      paths.add(path);
    }
  }

  private static List<String> append(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return List.copyOf(longer);
  }
}
