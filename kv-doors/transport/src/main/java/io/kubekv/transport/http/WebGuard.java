package io.kubekv.transport.http;

import io.kubekv.transport.limits.OverLimitException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps pages of the web from reaching a handler through somebody's browser, as etcd does with
 * {@code --host-whitelist} and {@code --cors}: requests by a name that is not the server's are
 * refused, and only pages of allowed origins may read answers. Beyond etcd, a page of another
 * origin may change nothing either, which a browser would send without asking first.
 */
public final class WebGuard implements HttpHandler {
  private static final String ALL = "*";
  private static final Set<String> CHANGE_NOTHING = Set.of("GET", "HEAD", "OPTIONS");
  private static final List<Header> PLAIN =
      List.of(
          new Header("Content-Type", "text/plain; charset=utf-8"),
          new Header("X-Content-Type-Options", "nosniff"));

  private final HttpHandler handler;
  private final HostWhitelist hosts;
  private final Set<String> reading;
  private final Set<String> changing;
  private final RefusedHosts refused;

  /**
   * @param hosts by which names the server may be called
   * @param reading whose pages may read answers, as browsers write them; {@code *} for all
   * @param changing whose pages may change something, likewise
   */
  public WebGuard(
      HttpHandler handler,
      HostWhitelist hosts,
      Collection<String> reading,
      Collection<String> changing) {
    this(handler, hosts, reading, changing, new RefusedHosts());
  }

  WebGuard(
      HttpHandler handler,
      HostWhitelist hosts,
      Collection<String> reading,
      Collection<String> changing,
      RefusedHosts refused) {
    this.handler = handler;
    this.hosts = hosts;
    this.reading = Set.copyOf(reading);
    this.changing = Set.copyOf(changing);
    this.refused = refused;
  }

  private static List<Header> allowing(String origin) {
    return List.of(
        new Header("Access-Control-Allow-Headers", "accept, content-type, authorization"),
        new Header("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE"),
        new Header("Access-Control-Allow-Origin", origin));
  }

  /** The origin to show as allowed; absent when there is none. */
  private static Optional<String> allowed(HttpExchange exchange, Set<String> origins) {
    return origins.contains(ALL)
        ? Optional.of(ALL)
        : exchange.header("Origin").filter(origins::contains);
  }

  private void show(HttpExchange exchange) {
    allowed(exchange, reading).ifPresent(origin -> exchange.answerWith(allowing(origin)));
  }

  private static String host(HttpExchange exchange) {
    return exchange.header("Host").orElse("");
  }

  /** A page that comes from the server's own address is no other's. */
  private boolean isOfAnotherPage(HttpExchange exchange) {
    Optional<String> origin = exchange.header("Origin");
    return origin.isPresent()
        && !CHANGE_NOTHING.contains(exchange.method())
        && allowed(exchange, changing).isEmpty()
        && !origin.get().replaceFirst("^https?://", "").equals(host(exchange));
  }

  @Override
  public boolean handleAtOnce(HttpExchange exchange) {
    if (!hosts.allows(host(exchange)) || isOfAnotherPage(exchange)) {
      return false;
    }
    show(exchange);
    return handler.handleAtOnce(exchange);
  }

  @Override
  public void handle(HttpExchange exchange) {
    if (!hosts.allows(host(exchange))) {
      String name = HostWhitelist.name(host(exchange));
      refused.add(name);
      refuse(exchange, 421, unknownHost(name));
    } else if (isOfAnotherPage(exchange)) {
      refuse(
          exchange,
          403,
          "a page of another origin may change nothing here; --cors names origins that may\n");
    } else {
      show(exchange);
      handler.handle(exchange);
    }
  }

  private static void refuse(HttpExchange exchange, int status, String why) {
    exchange.reply(status, PLAIN, Payload.utf8(why));
  }

  private static String unknownHost(String host) {
    return """

    kubekv received your request, but the Host header was unrecognized.

    To fix this, choose one of the following options:
    - Enable TLS, then any HTTPS request will be allowed.
    - Add the hostname you want to use to the whitelist in settings.
      - e.g. kubekv serve --host-whitelist "%s"

    This helps to prevent "DNS Rebinding" attacks (CVE-2018-5702).

    """
        .formatted(host);
  }

  @Override
  public Optional<String> client(HttpExchange exchange) {
    return handler.client(exchange);
  }

  @Override
  public void overLimit(HttpExchange exchange, OverLimitException why) {
    show(exchange);
    handler.overLimit(exchange, why);
  }

  @Override
  public void bodyTooLarge(HttpExchange exchange, long limit) {
    show(exchange);
    handler.bodyTooLarge(exchange, limit);
  }
}
