package io.kubekv.etcdv2;

import io.kubekv.KeyValueStore;
import io.kubekv.StoreException;
import io.kubekv.golang.Escapes;
import io.kubekv.golang.Escapes.BadEscape;
import io.kubekv.golang.UrlPath;
import io.kubekv.transport.access.Credentials;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.watch.Watches;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * etcd's HTTP API version 2 over the port, byte for byte as etcd 3.4 with {@code --enable-v2}
 * answers; COMPATIBILITY.md lists every path and parameter. Thread-safe.
 */
final class EtcdV2Dialect implements Dialect {
  private static final String KEYS = "/v2/keys";
  private static final String MEMBERS = "/v2/members";
  private static final String STATISTICS = "/v2/stats/";
  private static final String AUTH = "/v2/auth/";
  private static final Set<String> FOR_EVERYBODY = Set.of("/version", "/health");

  private final EtcdV2Settings settings;
  private final Supplier<List<EtcdMember>> members;
  private final InstantSource clock;
  private final OperationCounts counts;
  private final Answers answers;
  private final KeysHandler keys;
  private final ClusterHandler cluster;
  private final AuthHandler auth;

  /**
   * Serves as a single member; the store and its watches stay the caller's.
   *
   * @param clock the wall clock that the time left to live is shown by
   */
  EtcdV2Dialect(
      KeyValueStore store, Watches watches, EtcdV2Settings settings, InstantSource clock) {
    // any fixed number but 0, which clients take for "no leader"
    this(
        store,
        watches,
        settings,
        () ->
            List.of(
                new EtcdMember(
                    store.id() ^ 0x6b75_6265_6b76_0001L, "kubekv", List.of(), true, true)),
        clock);
  }

  /**
   * Serves as one of several members.
   *
   * @param members all members, the one that answers among them; asked for each request. Must not
   *     block
   */
  EtcdV2Dialect(
      KeyValueStore store,
      Watches watches,
      EtcdV2Settings settings,
      Supplier<List<EtcdMember>> members,
      InstantSource clock) {
    this(store, watches, settings, members, clock, new OperationCounts());
  }

  private EtcdV2Dialect(
      KeyValueStore store,
      Watches watches,
      EtcdV2Settings settings,
      Supplier<List<EtcdMember>> members,
      InstantSource clock,
      OperationCounts counts) {
    this.settings = settings;
    this.members = members;
    this.clock = clock;
    this.counts = counts;
    this.answers = new Answers(store);
    this.keys = new KeysHandler(store, watches, answers, counts, clock);
    this.cluster = new ClusterHandler(store, watches, answers, settings, members, counts, clock);
    this.auth = new AuthHandler(answers);
  }

  /** The same on another view of the store; what it counts is counted together. */
  EtcdV2Dialect on(KeyValueStore view, Watches viewed) {
    return new EtcdV2Dialect(view, viewed, settings, members, clock, counts);
  }

  @Override
  public void refuse(HttpExchange exchange, StoreException why) {
    answers.failure(exchange, why);
  }

  @Override
  public Optional<String> token(HttpExchange exchange) {
    return exchange.header("Authorization").flatMap(Credentials::token);
  }

  @Override
  public boolean isForEverybody(HttpExchange exchange) {
    return exchange.method().equals("OPTIONS") || FOR_EVERYBODY.contains(exchange.path());
  }

  @Override
  public boolean handleAtOnce(HttpExchange exchange) {
    try {
      byte[] path = Escapes.decode(exchange.path(), false);
      return Arrays.equals(UrlPath.clean(path), path)
          && isAtOrBelow(new String(path, StandardCharsets.UTF_8), KEYS)
          && keys.handleAtOnce(exchange, belowKeys(path));
    } catch (BadEscape answeredByHandle) {
      return false;
    }
  }

  private static byte[] belowKeys(byte[] path) {
    return Arrays.copyOfRange(path, KEYS.length(), path.length);
  }

  @Override
  public void handle(HttpExchange exchange) {
    if (exchange.method().equals("OPTIONS")) {
      exchange.reply(200, List.of(), Payload.EMPTY);
      return;
    }
    byte[] path;
    try {
      path = Escapes.decode(exchange.path(), false);
    } catch (BadEscape e) {
      answers.badRequest(exchange);
      return;
    }
    byte[] clean = UrlPath.clean(path);
    if (Arrays.equals(clean, path)) {
      route(exchange, path);
    } else {
      String query = exchange.query().isEmpty() ? "" : "?" + Escapes.nonAscii(exchange.query());
      answers.moved(exchange, Escapes.encodePath(clean) + query);
    }
  }

  /** It has nothing open. */
  @Override
  public void close() {}

  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    answers.overLimit(exchange, why);
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    answers.tooLarge(exchange, limit);
  }

  private void route(HttpExchange exchange, byte[] decoded) {
    String path = new String(decoded, StandardCharsets.UTF_8);
    if (isAtOrBelow(path, KEYS)) {
      keys.handle(exchange, belowKeys(decoded));
    } else if (isAtOrBelow(path, MEMBERS)) {
      cluster.members(exchange, below(path, MEMBERS + "/"));
    } else if (path.startsWith(AUTH)) {
      auth.handle(exchange, below(path, AUTH));
    } else {
      routeExact(exchange, path);
    }
  }

  private void routeExact(HttpExchange exchange, String path) {
    switch (path) {
      case "/version" -> cluster.version(exchange);
      case "/health" -> cluster.health(exchange);
      case "/v2/machines" -> cluster.machines(exchange);
      case "/v2/stats/self", "/v2/stats/leader", "/v2/stats/store" ->
          cluster.statistics(exchange, below(path, STATISTICS));
      default -> answers.notFound(exchange);
    }
  }

  private static boolean isAtOrBelow(String path, String route) {
    return path.startsWith(route)
        && (path.length() == route.length() || path.charAt(route.length()) == '/');
  }

  private static String below(String path, String route) {
    return path.length() <= route.length() ? "" : path.substring(route.length());
  }
}
