package io.kubekv.transport.access;

import java.util.ArrayList;
import java.util.List;

/**
 * Who asks, as Kubernetes knows users.
 *
 * @param name the user's name
 * @param groups the groups the user is in; immutable
 */
public record User(String name, List<String> groups) {
  /** Whoever shows no credentials, where that is allowed (Kubernetes, Authenticating). */
  public static final User ANONYMOUS =
      new User("system:anonymous", List.of("system:unauthenticated"));

  private static final String AUTHENTICATED = "system:authenticated";

  public User {
    groups = List.copyOf(groups);
  }

  /** The same, in the group of all whose credentials were checked. */
  User authenticated() {
    if (groups.contains(AUTHENTICATED)) {
      return this;
    }
    List<String> all = new ArrayList<>(groups);
    all.add(AUTHENTICATED);
    return new User(name, all);
  }
}
