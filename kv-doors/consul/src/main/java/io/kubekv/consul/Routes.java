package io.kubekv.consul;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The paths that are served. One that ends in a slash serves everything below it, too. */
final class Routes {
  /**
   * A path.
   *
   * @param path as clients write it
   * @param methods what it allows, in the order in which it says so
   */
  record Route(String path, String methods, Handler handler) {
    /** The value of the header {@code Allow}. */
    String allowed() {
      return "OPTIONS," + methods;
    }

    boolean allows(String method) {
      return ("," + methods + ",").contains("," + method + ",");
    }
  }

  private final Map<String, Route> routes = new LinkedHashMap<>();
  private int longest;

  Routes add(String methods, String path, Handler handler) {
    routes.put(path, new Route(path, methods, handler));
    longest = Math.max(longest, path.length());
    return this;
  }

  /** The route of an undecoded path, of which what is longer than any route is not looked at. */
  Optional<Route> find(String path) {
    Route exact = routes.get(path);
    for (int end = path.lastIndexOf('/', longest - 1); exact == null && end > 0; ) {
      exact = routes.get(path.substring(0, end + 1));
      end = path.lastIndexOf('/', end - 1);
    }
    return Optional.ofNullable(exact);
  }
}
