package io.kubekv.server;

import static io.kubekv.server.AuthorizationRequests.change;
import static io.kubekv.server.AuthorizationRequests.need;

import io.kubekv.Key;
import io.kubekv.Prefix;
import io.kubekv.Range;
import io.kubekv.transport.access.Verb;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Consul's API. */
final class AuthorizationConsul implements AuthorizationRequests {
  private static final String KEYS = "/v1/kv/";

  private final AuthorizationHttp http;
  private final AuthorizationWorld world;

  AuthorizationConsul(String url, AuthorizationWorld world) {
    this.http = new AuthorizationHttp(url, "X-Consul-Token", "", AuthorizationConsul::isRefusal);
    this.world = world;
  }

  private static boolean isRefusal(HttpResponse<String> response) {
    return response.statusCode() == 403 && response.body().equals("Permission denied");
  }

  @Override
  public AuthorizationRequest next(Random random) {
    Key key = world.leaf();
    Range exact = new Range.Exact(key);
    String beginning = world.any().text();
    String prefix = random.nextBoolean() ? beginning : beginning + "/";
    Range range = new Range.WithPrefix(new Prefix(prefix));
    return switch (random.nextInt(40)) {
      case 0, 1, 2 ->
          request("recurse", List.of(need(Verb.GET, range)), "GET", prefix + "?recurse", "");
      case 3, 4 -> request("keys", List.of(need(Verb.GET, range)), "GET", prefix + "?keys", "");
      case 5 ->
          request(
              "keys to a slash",
              List.of(need(Verb.GET, range)),
              "GET",
              prefix + "?keys&separator=/",
              "");
      case 6 -> request("all", List.of(need(Verb.GET, Range.all())), "GET", "?recurse", "");
      case 7, 8 ->
          request(
              "wait",
              List.of(need(Verb.GET, range)),
              "GET",
              prefix + "?recurse&index=1&wait=1s",
              "");
      case 9 ->
          request("delete tree", change(Verb.DELETE, range), "DELETE", prefix + "?recurse", "");
      case 10, 11 -> request("delete", change(Verb.DELETE, exact), "DELETE", key.text(), "");
      case 12, 13 ->
          request(
              "compare", change(Verb.PUT, exact), "PUT", key.text() + "?cas=1", world.value(key));
      case 14, 15, 16, 17 -> transaction(random);
      case 18 -> session("create", List.of(Verb.PUT), "PUT", "create", "{}");
      case 19 -> session("list", List.of(Verb.GET), "GET", "list", "");
      case 20, 21 -> request("raw", List.of(need(Verb.GET, exact)), "GET", key.text() + "?raw", "");
      case 22, 23, 24, 25, 26, 27 ->
          request("put", change(Verb.PUT, exact), "PUT", key.text(), world.value(key));
      default -> request("get", List.of(need(Verb.GET, exact)), "GET", key.text(), "");
    };
  }

  private AuthorizationRequest request(
      String name,
      List<AuthorizationRequest.Need> needs,
      String method,
      String target,
      String body) {
    return new AuthorizationRequest(
        "consul " + name + " " + target,
        needs,
        List.of(),
        false,
        (user, granted) -> http.send(user, method, KEYS + target, body));
  }

  private AuthorizationRequest session(
      String name, List<Verb> needs, String method, String target, String body) {
    return new AuthorizationRequest(
        "consul session " + name,
        List.of(),
        needs,
        false,
        (user, granted) -> http.send(user, method, "/v1/session/" + target, body));
  }

  /** A few operations of all kinds: one that is not granted forbids all. */
  private AuthorizationRequest transaction(Random random) {
    List<AuthorizationRequest.Need> needs = new ArrayList<>();
    List<String> operations = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      Key key = world.leaf();
      String directory = world.any().text() + "/";
      Range below = new Range.WithPrefix(new Prefix(directory));
      switch (random.nextInt(5)) {
        case 0 -> {
          operations.add(operation("set", key.text(), ",\"Value\":\"" + base64(key) + "\""));
          needs.addAll(change(Verb.PUT, new Range.Exact(key)));
        }
        case 1 -> {
          operations.add(operation("delete", key.text(), ""));
          needs.addAll(change(Verb.DELETE, new Range.Exact(key)));
        }
        case 2 -> {
          operations.add(operation("get-tree", directory, ""));
          needs.add(need(Verb.GET, below));
        }
        case 3 -> {
          operations.add(operation("check-index", key.text(), ",\"Index\":1"));
          needs.add(need(Verb.GET, new Range.Exact(key)));
        }
        default -> {
          operations.add(operation("get", key.text(), ""));
          needs.add(need(Verb.GET, new Range.Exact(key)));
        }
      }
    }
    String body = "[" + String.join(",", operations) + "]";
    return new AuthorizationRequest(
        "consul txn " + body,
        needs,
        List.of(),
        false,
        (user, granted) -> http.send(user, "PUT", "/v1/txn", body));
  }

  private String base64(Key key) {
    return Base64.getEncoder().encodeToString(world.value(key).getBytes(StandardCharsets.UTF_8));
  }

  private static String operation(String verb, String key, String more) {
    return "{\"KV\":{\"Verb\":\"" + verb + "\",\"Key\":\"" + key + "\"" + more + "}}";
  }

  @Override
  public void close() {
    http.close();
  }
}
