package io.kubekv.consul;

import io.kubekv.Bytes;
import io.kubekv.KeyValueStore;
import io.kubekv.StoreException;
import io.kubekv.golang.Escapes;
import io.kubekv.golang.Escapes.BadEscape;
import io.kubekv.golang.Printable;
import io.kubekv.golang.UrlPath;
import io.kubekv.transport.access.Credentials;
import io.kubekv.transport.access.Dialect;
import io.kubekv.transport.http.Header;
import io.kubekv.transport.http.HttpExchange;
import io.kubekv.transport.http.Payload;
import io.kubekv.transport.limits.OverLimitException;
import io.kubekv.transport.watch.Watches;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Consul's HTTP API for keys, sessions and locks over the port, byte for byte as Consul 1.5.3
 * answers; COMPATIBILITY.md lists every path and parameter. Thread-safe.
 */
final class ConsulDialect implements Dialect {
  private static final String KEYS = "/v1/kv/";
  private static final Response WELCOME = Response.text(200, "Consul Agent");

  /** What clients write who have no token (Consul 1.5, agent/acl.go). */
  private static final String NO_TOKEN = "anonymous";

  private final ConsulSettings settings;
  private final BlockingQueries queries;
  private final SessionBell sessionBell;
  private final KvReads reads;
  private final Routes routes = new Routes();

  /**
   * Serves; store, watches and threads stay the caller's.
   *
   * @param threads gives each query that has waited a thread for its answer
   */
  ConsulDialect(KeyValueStore store, Watches watches, ConsulSettings settings, Executor threads) {
    this(store, watches, settings, new BlockingQueries(threads), new SessionBell(store, threads));
  }

  private ConsulDialect(
      KeyValueStore store,
      Watches watches,
      ConsulSettings settings,
      BlockingQueries queries,
      SessionBell sessionBell) {
    this.settings = settings;
    this.queries = queries;
    this.sessionBell = sessionBell;
    this.reads = new KvReads(store, watches, queries, settings);
    routes.add("GET,PUT,DELETE", KEYS, new KvHandler(reads, new KvWrites(store, settings)));
    routes.add("PUT", "/v1/txn", new TxnHandler(store, settings));
    sessions(new SessionsHandler(store, queries, sessionBell, settings));
    agent(new AgentHandler(store, queries, settings));
  }

  /** The same on another view of the store; it ends with this one, and is not closed. */
  ConsulDialect on(KeyValueStore view, Watches viewed) {
    return new ConsulDialect(view, viewed, settings, queries, sessionBell);
  }

  @Override
  public void refuse(HttpExchange exchange, StoreException why) {
    new Call(exchange, Bytes.EMPTY).answer(StoreFailures.response(why));
  }

  /** The header, the parameter, or the header of HTTP, in this order. */
  @Override
  public Optional<String> token(HttpExchange exchange) {
    return exchange
        .header("X-Consul-Token")
        .or(() -> inQuery(exchange.query()))
        .filter(token -> !token.isEmpty())
        .or(() -> exchange.header("Authorization").flatMap(Credentials::token))
        .filter(token -> !token.equals(NO_TOKEN));
  }

  private static Optional<String> inQuery(String query) {
    return query.contains("token") ? Optional.of(Query.of(query).text("token")) : Optional.empty();
  }

  @Override
  public boolean isForEverybody(HttpExchange exchange) {
    return false;
  }

  private void sessions(SessionsHandler sessions) {
    routes
        .add("PUT", "/v1/session/create", sessions::create)
        .add("PUT", "/v1/session/destroy/", sessions::destroy)
        .add("PUT", "/v1/session/renew/", sessions::renew)
        .add("GET", "/v1/session/info/", sessions::info)
        .add("GET", "/v1/session/node/", sessions::node)
        .add("GET", "/v1/session/list", sessions::list);
  }

  private void agent(AgentHandler agent) {
    routes
        .add("GET", "/v1/status/leader", agent::leader)
        .add("GET", "/v1/status/peers", agent::peers)
        .add("GET", "/v1/agent/self", agent::self)
        .add("GET", "/v1/agent/members", agent::members)
        .add("GET", "/v1/agent/checks", agent::nothingRegistered)
        .add("GET", "/v1/agent/services", agent::nothingRegistered)
        .add("GET", "/v1/catalog/datacenters", agent::datacenters)
        .add("GET", "/v1/catalog/nodes", agent::nodes)
        .add("GET", "/v1/catalog/services", agent::services)
        .add("GET", "/v1/catalog/service/", agent::service)
        .add("GET", "/v1/health/service/", agent::service)
        .add("GET", "/v1/health/checks/", agent::service)
        .add("GET", "/v1/health/node/", agent::nodeHealth)
        .add("GET", "/v1/health/state/", agent::stateHealth);
  }

  @Override
  public boolean handleAtOnce(HttpExchange exchange) {
    String path = exchange.path();
    if (!exchange.method().equals("GET") || !path.startsWith(KEYS) || !UrlPath.isPlain(path)) {
      return false;
    }
    Bytes key = Bytes.utf8(path.substring(KEYS.length()));
    Call call = new Call(exchange, key);
    if (!call.query().isWhole()) {
      return false;
    }
    try {
      return reads.getOnLoop(call);
    } catch (ConsulError refused) {
      return false; // which a thread will say
    }
  }

  @Override
  public void handle(HttpExchange exchange) {
    String path = exchange.path();
    byte[] decoded;
    try {
      decoded = Escapes.decode(path, false);
    } catch (BadEscape e) {
      exchange.replyAndClose(400, List.of(Response.TEXT), Payload.utf8("400 Bad Request"));
      return;
    }
    if (!Printable.isAll(new String(decoded, StandardCharsets.UTF_8))) {
      bare(exchange, 400);
      return;
    }
    Optional<String> moved = moved(path);
    if (moved.isPresent()) {
      redirect(exchange, moved.get());
    } else {
      serve(exchange, path, decoded);
    }
  }

  /** Where Go's routes send a path that they want in another form. */
  private Optional<String> moved(String path) {
    byte[] sent = path.getBytes(StandardCharsets.ISO_8859_1);
    String clean = new String(UrlPath.clean(sent), StandardCharsets.ISO_8859_1);
    if (!clean.equals(path)) {
      return Optional.of(clean);
    }
    String below = path + "/";
    boolean isDirectory =
        routes.find(below).filter(route -> route.path().equals(below)).isPresent();
    return isDirectory ? Optional.of(below) : Optional.empty();
  }

  private static void redirect(HttpExchange exchange, String path) {
    String location = exchange.query().isEmpty() ? path : path + "?" + exchange.query();
    Header where = new Header("Location", location);
    if (exchange.method().equals("GET") || exchange.method().equals("HEAD")) {
      String shown = Escapes.inHtml(location);
      String page = "<a href=\"" + shown + "\">Temporary Redirect</a>.\n\n";
      Header html = new Header("Content-Type", "text/html; charset=utf-8");
      exchange.reply(307, List.of(where, html), Payload.utf8(page));
    } else {
      exchange.reply(307, List.of(where), Payload.EMPTY);
    }
  }

  private static void bare(HttpExchange exchange, int status) {
    exchange.reply(status, List.of(), Payload.EMPTY);
  }

  private void serve(HttpExchange exchange, String path, byte[] decoded) {
    Optional<Routes.Route> route = routes.find(path);
    if (route.isPresent()) {
      int length = route.get().path().length();
      byte[] below = Arrays.copyOfRange(decoded, length, decoded.length);
      answer(route.get(), new Call(exchange, Bytes.copyOf(below)));
    } else if (path.equals("/")) {
      exchange.reply(200, WELCOME.headers(), Payload.of(WELCOME.body()));
    } else if (NotServed.has(path)) {
      exchange.reply(404, NotServed.ANSWER.headers(), Payload.of(NotServed.ANSWER.body()));
    } else {
      bare(exchange, 404);
    }
  }

  /**
   * A query that cannot be decoded is refused before all else (Consul 1.5, agent/http.go: wrap).
   */
  private static void answer(Routes.Route route, Call call) {
    if (!call.query().isWhole()) {
      call.answer(Response.empty(500));
      return;
    }
    Header allow = new Header("Allow", route.allowed());
    if (call.method().equals("OPTIONS")) {
      call.answer(Response.empty(200, allow));
    } else if (!route.allows(call.method())) {
      call.answer(Response.text(405, "method " + call.method() + " not allowed").with(allow));
    } else {
      try {
        route.handler().handle(call);
      } catch (ConsulError error) {
        call.answer(error);
      } catch (StoreException failure) {
        call.answer(StoreFailures.response(failure));
      }
    }
  }

  /** As later versions of Consul do (Consul 1.6, agent/http.go: http_max_conns_per_client). */
  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    new Call(exchange, Bytes.EMPTY)
        .answer(
            Response.text(429, String.valueOf(why.getMessage()))
                .with(new Header("Retry-After", "1")));
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    new Call(exchange, Bytes.EMPTY).answer(KvWrites.tooLarge());
  }

  /** Ends the clock of the queries that wait. Close the listener first. */
  @Override
  public void close() {
    sessionBell.close();
    queries.close();
  }
}
