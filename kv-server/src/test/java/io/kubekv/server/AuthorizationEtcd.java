package io.kubekv.server;

import static io.kubekv.server.AuthorizationRequests.change;
import static io.kubekv.server.AuthorizationRequests.need;

import io.kubekv.Key;
import io.kubekv.Range;
import io.kubekv.transport.access.Verb;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** etcd's API version 2. */
final class AuthorizationEtcd implements AuthorizationRequests {
  private static final String REFUSAL =
      "{\"errorCode\":110,\"message\":\"The request requires user authentication\","
          + "\"cause\":\"Insufficient credentials\",\"index\":0}\n";
  private static final String KEYS = "/v2/keys/";
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final AuthorizationHttp http;
  private final AuthorizationWorld world;

  AuthorizationEtcd(String url, AuthorizationWorld world) {
    this.http =
        new AuthorizationHttp(url, "Authorization", "Bearer ", AuthorizationEtcd::isRefusal);
    this.world = world;
  }

  private static boolean isRefusal(HttpResponse<String> response) {
    return response.statusCode() == 401
        && response.body().equals(REFUSAL)
        && response.headers().firstValue("X-Etcd-Index").equals(Optional.of("0"));
  }

  @Override
  public AuthorizationRequest next(Random random) {
    Key key = world.leaf();
    Key any = world.any();
    Range exact = new Range.Exact(key);
    Range tree = new Range.Tree(any);
    return switch (random.nextInt(60)) {
      case 0 -> watch(any, tree, "?wait=true&recursive=true&waitIndex=");
      case 1 -> watch(key, exact, "?wait=true&waitIndex=");
      case 2, 3, 4 ->
          request("list", List.of(need(Verb.GET, tree)), "GET", any.text() + "?recursive=true", "");
      case 5 ->
          request("list all", List.of(need(Verb.GET, Range.all())), "GET", "?recursive=true", "");
      case 6, 7, 8 -> directory(any);
      case 9, 10 ->
          request(
              "compare",
              change(Verb.PUT, exact),
              "PUT",
              key.text() + "?prevValue=other",
              "value=" + world.value(key));
      case 11, 12 ->
          request(
              "create",
              change(Verb.PUT, exact),
              "PUT",
              key.text() + "?prevExist=false",
              "value=" + world.value(key));
      case 13 ->
          request(
              "delete tree",
              change(Verb.DELETE, tree),
              "DELETE",
              any.text() + "?recursive=true",
              "");
      case 14, 15, 16 -> request("delete", change(Verb.DELETE, exact), "DELETE", key.text(), "");
      case 17 ->
          request(
              "compare and delete",
              change(Verb.DELETE, exact),
              "DELETE",
              key.text() + "?prevValue=other",
              "");
      case 18 -> request("stats", List.of(), "GET", "../stats/store", "");
      case 19 -> request("members", List.of(), "GET", "../members", "");
      case 20, 21 ->
          request(
              "post",
              change(Verb.PUT, new Range.WithPrefix(any.below())),
              "POST",
              any.text(),
              "value=of+nobody");
      case 22, 23, 24, 25, 26, 27, 28, 29 ->
          request("put", change(Verb.PUT, exact), "PUT", key.text(), "value=" + world.value(key));
      default -> request("get", List.of(need(Verb.GET, exact)), "GET", key.text(), "");
    };
  }

  private AuthorizationRequest request(
      String name,
      List<AuthorizationRequest.Need> needs,
      String method,
      String target,
      String body) {
    String path = target.startsWith("../") ? "/v2/" + target.substring(3) : KEYS + target;
    return new AuthorizationRequest(
        "etcd " + name + " " + target,
        needs,
        List.of(),
        false,
        (user, granted) -> http.send(user, method, path, body));
  }

  /** Who may see the key alone may be refused its children. */
  private AuthorizationRequest directory(Key any) {
    return new AuthorizationRequest(
        "etcd directory " + any,
        List.of(need(Verb.GET, new Range.Exact(any))),
        List.of(),
        true,
        (user, granted) -> http.send(user, "GET", KEYS + any.text(), ""));
  }

  /** From the first change on, so that what there was is told at once. */
  private AuthorizationRequest watch(Key key, Range range, String parameters) {
    return new AuthorizationRequest(
        "etcd watch " + key,
        List.of(need(Verb.GET, range)),
        List.of(),
        false,
        (user, granted) ->
            http.send(
                    user,
                    "GET",
                    KEYS + key.text() + parameters + "1",
                    "",
                    granted ? SHORT : PATIENCE)
                .orElse(new AuthorizationAnswer(false, "")));
  }

  @Override
  public void close() {
    http.close();
  }
}
