package io.kubekv.e2e.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Stands between kubekv and a Kubernetes API on a loopback port of its own: counts the calls, and
 * does to them what it is told. It speaks HTTP/1.1 to kubekv, so that nothing is hidden from it,
 * and the API's own way to the API. Thread-safe.
 */
public final class ApiProxy implements AutoCloseable {
  private static final List<String> HOP_BY_HOP =
      List.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "keep-alive");
  private static final int PIECE = 16 * 1024;

  static {
    // it logs each connection that a test cuts
    Logger.getLogger("com.sun.net.httpserver").setLevel(Level.OFF);
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ApiCounts counts = new ApiCounts();
  private volatile ApiAddress upstream;
  private volatile HttpClient client;
  private volatile Interference interference = Interference.NONE;

  private ApiProxy(HttpServer server, ApiAddress upstream) throws IOException {
    this.server = server;
    this.upstream = upstream;
    this.client = client(upstream);
  }

  public static ApiProxy start(ApiAddress upstream) throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    ApiProxy proxy = new ApiProxy(server, upstream);
    server.setExecutor(proxy.threads);
    server.createContext("/", proxy::exchange);
    server.start();
    return proxy;
  }

  public ApiCounts counts() {
    return counts;
  }

  /** From now on, in place of the one before. */
  public void interfere(Interference next) {
    interference = next;
  }

  /** The API is elsewhere from now on, or lets another token in. */
  public void follow(ApiAddress moved) throws IOException {
    client = client(moved);
    upstream = moved;
  }

  /** A kubeconfig that leads through this proxy, readable for its owner only. */
  public Path writeKubeconfig(Path file) throws IOException {
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: proxy
        clusters: [{name: proxy, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: proxy, user: {token: "from-the-proxy"}}]
        contexts: [{name: proxy, context: {cluster: proxy, user: proxy}}]
        """
            .formatted(server.getAddress().getPort()));
    return file;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.shutdownNow();
  }

  private void exchange(HttpExchange exchange) {
    URI asked = exchange.getRequestURI();
    String query = asked.getRawQuery() == null ? "" : asked.getRawQuery();
    ApiCall call = ApiCall.of(exchange.getRequestMethod(), asked.getRawPath(), query);
    counts.called(call);
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      counts.carried(call, body.length);
      switch (interference.of(call)) {
        case Interference.Fate.Pass pass -> forward(exchange, call, body);
        case Interference.Fate.Answered answered -> answer(exchange, answered);
        case Interference.Fate.CutBefore cut -> {}
        case Interference.Fate.CutAfter cut -> send(exchange, body).body().readAllBytes();
      }
    } catch (IOException gone) {
      // closing the exchange without an answer cuts the connection, as the API's own end would
    }
  }

  private void forward(HttpExchange exchange, ApiCall call, byte[] body) throws IOException {
    HttpResponse<InputStream> response = send(exchange, body);
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!name.startsWith(":") && !hopByHop(name)) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    boolean watch = call.verb() == ApiCall.Verb.WATCH && response.statusCode() == 200;
    if (watch) {
      counts.watchOpened();
    }
    try (InputStream from = response.body()) {
      exchange.sendResponseHeaders(response.statusCode(), 0);
      carry(from, exchange.getResponseBody(), call);
    } finally {
      if (watch) {
        counts.watchClosed();
      }
    }
  }

  /** Each piece at once: a watch's events must not wait for one another. */
  private void carry(InputStream from, OutputStream to, ApiCall call) throws IOException {
    byte[] piece = new byte[PIECE];
    for (int length = from.read(piece); length >= 0; length = from.read(piece)) {
      to.write(piece, 0, length);
      to.flush();
      counts.carried(call, length);
    }
    to.close();
  }

  private HttpResponse<InputStream> send(HttpExchange exchange, byte[] body) throws IOException {
    ApiAddress to = upstream;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(to.server() + exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!hopByHop(name) && !name.equalsIgnoreCase("Authorization")) {
                values.forEach(value -> request.header(name, value));
              }
            });
    request.header("Authorization", "Bearer " + to.token());
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new IOException("the proxy is closing", closing);
    }
  }

  private static void answer(HttpExchange exchange, Interference.Fate.Answered answered)
      throws IOException {
    byte[] body = answered.body().getBytes(StandardCharsets.UTF_8);
    for (Map.Entry<String, String> header : answered.headers().entrySet()) {
      exchange.getResponseHeaders().set(header.getKey(), header.getValue());
    }
    exchange.sendResponseHeaders(answered.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private static boolean hopByHop(String header) {
    return HOP_BY_HOP.contains(header.toLowerCase(Locale.ROOT));
  }

  private static HttpClient client(ApiAddress address) throws IOException {
    return HttpClient.newBuilder()
        .sslContext(address.trust())
        .connectTimeout(Duration.ofSeconds(5))
        .build();
  }
}
