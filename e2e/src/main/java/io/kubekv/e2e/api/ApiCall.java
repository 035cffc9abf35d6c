package io.kubekv.e2e.api;

import java.util.List;

/**
 * One request to a Kubernetes API, as far as its line tells.
 *
 * @param resource the plural name, such as {@code keyvalues}; a path that names none stands for
 *     itself
 */
public record ApiCall(Verb verb, String resource) {
  /** What a request does to a resource: Kubernetes' own verbs. */
  public enum Verb {
    GET,
    LIST,
    WATCH,
    CREATE,
    UPDATE,
    PATCH,
    DELETE
  }

  /**
   * What a request line says.
   *
   * @param path without a query; below the API's own address
   * @param query raw; empty when there is none
   */
  public static ApiCall of(String method, String path, String query) {
    List<String> parts = List.of(path.substring(1).split("/"));
    int names = parts.indexOf("namespaces");
    boolean below = names >= 0 && parts.size() > names + 2;
    int at = below ? names + 2 : parts.getFirst().equals("api") ? 2 : 3;
    boolean named = parts.size() > at + 1;
    String resource = parts.size() > at ? parts.get(at) : path;
    return new ApiCall(verb(method, query, named), resource);
  }

  private static Verb verb(String method, String query, boolean named) {
    return switch (method) {
      case "POST" -> Verb.CREATE;
      case "PUT" -> Verb.UPDATE;
      case "PATCH" -> Verb.PATCH;
      case "DELETE" -> Verb.DELETE;
      default -> {
        if (List.of(query.split("&")).stream().anyMatch(WATCHES::contains)) {
          yield Verb.WATCH;
        }
        yield named ? Verb.GET : Verb.LIST;
      }
    };
  }

  private static final List<String> WATCHES = List.of("watch=true", "watch=1");

  /** Whether it asks for a change. */
  public boolean changes() {
    return switch (verb) {
      case CREATE, UPDATE, PATCH, DELETE -> true;
      case GET, LIST, WATCH -> false;
    };
  }

  @Override
  public String toString() {
    return verb + " " + resource;
  }
}
