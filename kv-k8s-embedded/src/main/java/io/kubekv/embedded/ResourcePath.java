package io.kubekv.embedded;

import java.util.Optional;

/**
 * The path of a request for objects.
 *
 * @param group API group, empty for the core group
 * @param namespace empty for a cluster-scoped object and for a collection over all namespaces
 * @param name empty for a collection
 * @param subresource empty for the object itself
 */
record ResourcePath(
    String group,
    String version,
    String plural,
    String namespace,
    String name,
    String subresource) {

  /** Takes {@code /api/v1/...} and {@code /apis/GROUP/VERSION/...} apart; empty for other paths. */
  static Optional<ResourcePath> parse(String path) {
    String[] parts = path.split("/", -1);
    int size = parts.length;
    if (size > 1 && parts[size - 1].isEmpty()) {
      size--;
    }
    if (size >= 4 && parts[1].equals("api")) {
      return below("", parts[2], parts, 3, size);
    }
    return size >= 5 && parts[1].equals("apis")
        ? below(parts[2], parts[3], parts, 4, size)
        : Optional.empty();
  }

  private static Optional<ResourcePath> below(
      String group, String version, String[] parts, int at, int size) {
    int rest = size - at;
    boolean scoped =
        parts[at].equals("namespaces")
            && rest >= 3
            && !(group.isEmpty()
                && (parts[at + 2].equals("status") || parts[at + 2].equals("finalize")));
    int type = scoped ? at + 2 : at;
    if (size - type > 3) {
      return Optional.empty();
    }
    return Optional.of(
        new ResourcePath(
            group,
            version,
            parts[type],
            scoped ? parts[at + 1] : "",
            size - type > 1 ? parts[type + 1] : "",
            size - type > 2 ? parts[type + 2] : ""));
  }
}
