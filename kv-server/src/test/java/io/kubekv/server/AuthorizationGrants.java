package io.kubekv.server;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.transport.access.Authorizer;
import io.kubekv.transport.access.User;
import io.kubekv.transport.access.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Grants that change, decided as RBAC decides; and, apart from that, what they cover of keys and
 * ranges, worked out from the grants themselves.
 */
final class AuthorizationGrants implements Authorizer {
  private static final String ROOT = "/kv/test/";

  private volatile List<Grant> grants = List.of();

  /** A rule for one user, as it would stand in a ClusterRole. */
  record Grant(String user, List<Verb> verbs, String url) {
    boolean isOf(String name, Verb verb) {
      return user.equals(name) && verbs.contains(verb);
    }

    boolean isPrefix() {
      return url.endsWith("*");
    }

    String beginning() {
      return url.substring(0, url.length() - 1);
    }
  }

  /** Gives everybody other rights. */
  void deal(Random random, List<String> users, List<Key> keys) {
    List<Grant> dealt = new ArrayList<>();
    for (String user : users) {
      for (int i = 2 + random.nextInt(6); i >= 0; i--) {
        dealt.add(new Grant(user, verbs(random), url(random, keys)));
      }
      if (random.nextBoolean()) {
        dealt.add(new Grant(user, verbs(random), "/sessions/test"));
      }
    }
    grants = List.copyOf(dealt);
  }

  /** Gives exactly these rights. */
  void set(Grant... exactly) {
    grants = List.of(exactly);
  }

  private static List<Verb> verbs(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> List.of(Verb.GET);
      case 1 -> List.of(Verb.GET, Verb.PUT);
      case 2 -> List.of(Verb.PUT, Verb.DELETE);
      default -> List.of(Verb.values());
    };
  }

  private static String url(Random random, List<Key> keys) {
    String key = keys.get(random.nextInt(keys.size())).text();
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> ROOT + key;
      case 3, 4, 5 -> ROOT + key + "/*";
      case 6 -> ROOT + key.substring(0, 1 + random.nextInt(key.length())) + "*";
      default -> random.nextInt(4) == 0 ? ROOT + "*" : ROOT + key + "*";
    };
  }

  @Override
  public boolean isAllowed(User user, Verb verb, String path) {
    return grants.stream()
        .filter(grant -> grant.isOf(user.name(), verb))
        .anyMatch(
            grant ->
                grant.url().equals(path)
                    || (grant.isPrefix() && path.startsWith(grant.beginning())));
  }

  /** Whether a grant covers a key. */
  boolean covers(String user, Verb verb, Key key) {
    String path = ROOT + key.text();
    return grants.stream()
        .filter(grant -> grant.isOf(user, verb))
        .anyMatch(
            grant ->
                grant.isPrefix() ? path.startsWith(grant.beginning()) : path.equals(grant.url()));
  }

  /** Whether one grant covers all keys with a prefix, whichever there may be. */
  private boolean covers(String user, Verb verb, Prefix prefix) {
    return grants.stream()
        .filter(grant -> grant.isOf(user, verb) && grant.isPrefix())
        .anyMatch(grant -> (ROOT + prefix.text()).startsWith(grant.beginning()));
  }

  /** Whether a range is covered: its key by one grant, what is below by one. */
  boolean covers(String user, Verb verb, Range range) {
    return range.self().map(key -> covers(user, verb, key)).orElse(true)
        && range.below().map(prefix -> covers(user, verb, prefix)).orElse(true);
  }

  /** Whether the sessions are granted. */
  boolean coversSessions(String user, Verb verb) {
    return grants.stream()
        .anyMatch(grant -> grant.isOf(user, verb) && grant.url().equals("/sessions/test"));
  }

  @Override
  public String toString() {
    return grants.toString();
  }
}
