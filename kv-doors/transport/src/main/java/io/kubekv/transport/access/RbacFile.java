package io.kubekv.transport.access;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Grants from a file that {@code kubectl apply} takes, too: {@code ClusterRole} and {@code
 * ClusterRoleBinding} documents, decided as the RBAC of Kubernetes decides on {@code
 * nonResourceURLs} (pkg/apis/rbac/v1, evaluation_helpers.go). Rules on resources are not looked at.
 * Thread-safe.
 */
public final class RbacFile implements Authorizer {
  private final WatchedFile<List<Grant>> file;

  /** One rule for one subject. */
  private record Grant(String kind, String name, List<String> verbs, List<String> urls) {
    boolean allows(User user, Verb verb, String path) {
      boolean his =
          switch (kind) {
            case "Group" -> user.groups().contains(name);
            default -> user.name().equals(name);
          };
      return his
          && (verbs.contains("*") || verbs.contains(verb.toString()))
          && urls.stream().anyMatch(url -> matches(url, path));
    }

    /** As Kubernetes does: a star counts at the end alone. */
    private static boolean matches(String url, String path) {
      if (url.equals("*") || url.equals(path)) {
        return true;
      }
      return url.endsWith("*") && path.startsWith(url.replaceFirst("\\*+$", ""));
    }
  }

  private RbacFile(Path file) {
    this.file = new WatchedFile<>(file, RbacFile::parse, System::nanoTime);
  }

  /**
   * Reads a file, and looks at it from time to time from now on.
   *
   * @throws IllegalArgumentException naming the file and what in it cannot be used
   */
  public static RbacFile open(Path file) {
    return new RbacFile(file);
  }

  @Override
  public boolean isAllowed(User user, Verb verb, String path) {
    return file.content().stream().anyMatch(grant -> grant.allows(user, verb, path));
  }

  private static List<Grant> parse(String text) {
    Map<String, List<Map<?, ?>>> roles = new HashMap<>();
    List<Map<?, ?>> bindings = new ArrayList<>();
    for (Map<?, ?> document : documents(text)) {
      String kind = string(document, "kind");
      switch (kind) {
        case "ClusterRole" -> roles.put(nameOf(document), maps(document, "rules"));
        case "ClusterRoleBinding" -> bindings.add(document);
        default ->
            throw new IllegalArgumentException(
                "a document is of kind '" + kind + "', not ClusterRole or ClusterRoleBinding");
      }
    }
    List<Grant> grants = new ArrayList<>();
    bindings.forEach(binding -> grants.addAll(grants(binding, roles)));
    return grants;
  }

  private static List<Map<?, ?>> documents(String text) {
    List<Map<?, ?>> documents = new ArrayList<>();
    try {
      Load yaml = new Load(LoadSettings.builder().build());
      for (Object document : yaml.loadAllFromString(text)) {
        if (document != null) {
          documents.add(map(document, "a document"));
        }
      }
    } catch (YamlEngineException noYaml) {
      throw new IllegalArgumentException("it is not YAML: " + noYaml.getMessage(), noYaml);
    }
    return documents;
  }

  private static List<Grant> grants(Map<?, ?> binding, Map<String, List<Map<?, ?>>> roles) {
    Map<?, ?> reference = map(binding.get("roleRef"), "roleRef of " + nameOf(binding));
    String role = string(reference, "name");
    List<Map<?, ?>> rules = roles.get(role);
    if (rules == null || !string(reference, "kind").equals("ClusterRole")) {
      throw new IllegalArgumentException(
          "ClusterRoleBinding "
              + nameOf(binding)
              + " names a ClusterRole that is not there: "
              + role);
    }
    List<Grant> grants = new ArrayList<>();
    for (Map<?, ?> subject : maps(binding, "subjects")) {
      for (Map<?, ?> rule : rules) {
        grants.add(
            new Grant(
                string(subject, "kind"),
                subjectName(subject),
                strings(rule, "verbs"),
                strings(rule, "nonResourceURLs")));
      }
    }
    return grants;
  }

  /** A service account is a user of a long name (Kubernetes, Authenticating). */
  private static String subjectName(Map<?, ?> subject) {
    String name = string(subject, "name");
    return switch (string(subject, "kind")) {
      case "User", "Group" -> name;
      case "ServiceAccount" -> "system:serviceaccount:" + string(subject, "namespace") + ":" + name;
      default ->
          throw new IllegalArgumentException(
              "subject " + name + " is no User, Group or ServiceAccount");
    };
  }

  private static String nameOf(Map<?, ?> document) {
    return string(map(document.get("metadata"), "metadata"), "name");
  }

  private static Map<?, ?> map(@Nullable Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(what + " is missing, or no map");
  }

  private static String string(Map<?, ?> map, String name) {
    if (map.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(name + " is missing, or no text");
  }

  private static List<Map<?, ?>> maps(Map<?, ?> from, String name) {
    return list(from, name).stream()
        .<Map<?, ?>>map(each -> map(each, "an element of " + name))
        .toList();
  }

  private static List<String> strings(Map<?, ?> from, String name) {
    return list(from, name).stream().map(Objects::toString).toList();
  }

  private static List<?> list(Map<?, ?> from, String name) {
    Object value = from.get(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(name + " is no list");
  }
}
