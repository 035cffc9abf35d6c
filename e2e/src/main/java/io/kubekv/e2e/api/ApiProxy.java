package io.kubekv.e2e.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Stands between kubekv and a Kubernetes API, on a loopback port of its own: counts the calls, and
 * does to them what it is told. It speaks plain HTTP/1.1 to kubekv, so that nothing is hidden from
 * it. Every request is read whole before it is passed on. Thread-safe.
 */
public final class ApiProxy implements AutoCloseable {
  private static final long LONGEST_HOLD_SECONDS = 60;
  private static final int PIECE = 32 * 1024;
  private static final List<String> HOP_BY_HOP =
      List.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "keep-alive");
  private static final String EXPIRED =
      "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"
          + "\"status\":\"Failure\",\"message\":\"too old resource version\","
          + "\"reason\":\"Expired\",\"code\":410}}\n";

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // it logs each connection that is cut
    Logger.getLogger("com.sun.net.httpserver").setLevel(Level.OFF);
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<Upstream> upstream;
  private final ApiCounts counts = new ApiCounts();
  private final OpenWatches watches = new OpenWatches();
  private final AtomicLong treated = new AtomicLong();
  private volatile Function<ApiRequest, Treatment> rule = request -> Treatment.PASS;

  private ApiProxy(HttpServer server, Supplier<Upstream> upstream) {
    this.server = server;
    this.upstream = upstream;
  }

  /**
   * Starts one.
   *
   * @param upstream asked for each request
   */
  public static ApiProxy start(Supplier<Upstream> upstream) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    ApiProxy proxy = new ApiProxy(server, upstream);
    server.setExecutor(proxy.threads);
    server.createContext("/", proxy::handle);
    server.start();
    return proxy;
  }

  /** Where kubekv reaches it. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A kubeconfig that leads through this proxy, readable for its owner only. */
  public Path writeKubeconfig(Path file) throws IOException {
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: proxy
        clusters: [{name: proxy, cluster: {server: "%s"}}]
        users: [{name: proxy, user: {token: "from-the-proxy"}}]
        contexts: [{name: proxy, context: {cluster: proxy, user: proxy}}]
        """
            .formatted(uri()));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  public ApiCounts counts() {
    return counts;
  }

  /** From now on, what becomes of each request; asked on its thread, and may block. */
  public void treat(Function<ApiRequest, Treatment> newRule) {
    rule = newRule;
  }

  /** From now on everything passes; what is frozen thaws. */
  public void heal() {
    rule = request -> Treatment.PASS;
    thawWatches();
  }

  /** How many requests did not simply pass. */
  public long treated() {
    return treated.get();
  }

  /** Cuts every open watch. */
  public void cutWatches() {
    watches.cut();
  }

  /** Cuts every open watch; the next is told that its revision is too old, and so must list. */
  public void forget() {
    watches.forget();
  }

  /** Open watches bring nothing until they thaw. */
  public void freezeWatches() {
    watches.freeze();
  }

  public void thawWatches() {
    watches.thaw();
  }

  private void handle(HttpExchange exchange) {
    URI asked = exchange.getRequestURI();
    String query = asked.getRawQuery() == null ? "" : asked.getRawQuery();
    ApiCall call = ApiCall.of(exchange.getRequestMethod(), asked.getRawPath(), query);
    counts.called(call);
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      counts.carried(call, body.length);
      ApiRequest request = new ApiRequest(call, asked.toString(), body);
      Treatment treatment = rule.apply(request);
      if (!(treatment instanceof Treatment.Pass)) {
        treated.incrementAndGet();
      }
      treat(exchange, request, treatment);
    } catch (IOException gone) {
      // one of both sides is not there: leaving closes the connection
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void treat(HttpExchange exchange, ApiRequest request, Treatment treatment)
      throws IOException, InterruptedException {
    switch (treatment) {
      case Treatment.Pass pass -> pass(exchange, request);
      case Treatment.Delay delay -> {
        Thread.sleep(delay.millis());
        pass(exchange, request);
      }
      case Treatment.Cut cut -> {}
      case Treatment.Silence silence -> await(silence.until());
      case Treatment.Answer answer -> answer(exchange, answer);
      case Treatment.Swallow swallow -> send(exchange, request).body().close();
      case Treatment.Misreport instead -> {
        send(exchange, request).body().close();
        answer(exchange, instead.as());
      }
      case Treatment.DelayAnswer late -> delayAnswer(exchange, request, late.millis());
      case Treatment.Hold hold -> {
        await(hold.until());
        pass(exchange, request);
      }
    }
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(LONGEST_HOLD_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a request was held and forgotten");
    }
  }

  private static void answer(HttpExchange exchange, Treatment.Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  /** A watch, whose answer has no end, begins late. */
  private void delayAnswer(HttpExchange exchange, ApiRequest request, long millis)
      throws IOException, InterruptedException {
    if (request.kind() == ApiRequest.Kind.WATCH) {
      Thread.sleep(millis);
      pass(exchange, request);
      return;
    }
    HttpResponse<InputStream> answer = send(exchange, request);
    Thread.sleep(millis);
    passBack(exchange, request, answer);
  }

  private void pass(HttpExchange exchange, ApiRequest request)
      throws IOException, InterruptedException {
    if (request.kind() == ApiRequest.Kind.WATCH) {
      watch(exchange, request);
      return;
    }
    passBack(exchange, request, send(exchange, request));
  }

  private void passBack(HttpExchange exchange, ApiRequest request, HttpResponse<InputStream> answer)
      throws IOException {
    byte[] body;
    try (InputStream in = answer.body()) {
      body = in.readAllBytes();
    }
    copyHeaders(exchange, answer);
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    counts.carried(request.call(), body.length);
  }

  private void watch(HttpExchange exchange, ApiRequest request)
      throws IOException, InterruptedException {
    if (watches.isForgotten()) {
      treated.incrementAndGet();
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(EXPIRED.getBytes(UTF_8));
      return;
    }
    watches.opened(exchange);
    HttpResponse<InputStream> answer = send(exchange, request);
    counts.watchOpened();
    try (InputStream in = answer.body()) {
      copyHeaders(exchange, answer);
      exchange.sendResponseHeaders(answer.statusCode(), 0);
      carry(in, exchange.getResponseBody(), request.call());
    } finally {
      counts.watchClosed();
      watches.closed(exchange);
    }
  }

  /** Each piece at once: a watch's events must not wait for one another. */
  private void carry(InputStream from, OutputStream to, ApiCall call)
      throws IOException, InterruptedException {
    to.flush();
    byte[] piece = new byte[PIECE];
    for (int length = from.read(piece); length >= 0; length = from.read(piece)) {
      watches.write(to, piece, length);
      counts.carried(call, length);
    }
  }

  private HttpResponse<InputStream> send(HttpExchange exchange, ApiRequest request)
      throws IOException, InterruptedException {
    Upstream to = upstream.get();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(to.base() + request.target()))
            .method(
                exchange.getRequestMethod(),
                HttpRequest.BodyPublishers.ofByteArray(request.body()));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!isHopByHop(name) && !name.equalsIgnoreCase("Authorization")) {
                values.forEach(value -> builder.header(name, value));
              }
            });
    builder.header("Authorization", "Bearer " + to.token());
    return to.client().send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private static void copyHeaders(HttpExchange exchange, HttpResponse<InputStream> answer) {
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!isHopByHop(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
  }

  private static boolean isHopByHop(String header) {
    return HOP_BY_HOP.contains(header.toLowerCase(Locale.ROOT));
  }

  @Override
  public void close() {
    heal();
    server.stop(0);
    threads.shutdownNow();
  }
}
