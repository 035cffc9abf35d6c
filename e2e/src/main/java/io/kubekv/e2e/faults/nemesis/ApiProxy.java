package io.kubekv.e2e.faults.nemesis;

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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The way of one replica to the API server, over plain HTTP on this side, with faults on it. Every
 * request is read whole before it is passed on. Thread-safe.
 */
final class ApiProxy implements AutoCloseable {
  private static final long LONGEST_HOLD_SECONDS = 60;
  private static final int BUFFER = 32 * 1024;
  private static final List<String> PASSED_ON = List.of("Content-Type", "Accept");
  private static final String EXPIRED =
      "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"
          + "\"status\":\"Failure\",\"message\":\"too old resource version\","
          + "\"reason\":\"Expired\",\"code\":410}}\n";

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final Supplier<Upstream> upstream;
  private final Set<HttpExchange> watches = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean forgetful = new AtomicBoolean();
  private final AtomicLong treated = new AtomicLong();
  private volatile Function<ApiRequest, Treatment> rule = request -> Treatment.PASS;
  private volatile CountDownLatch thaw = new CountDownLatch(0);

  ApiProxy(Supplier<Upstream> upstream) throws IOException {
    this.upstream = upstream;
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where a replica reaches it. */
  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** From now on, what becomes of each request. */
  void treat(Function<ApiRequest, Treatment> newRule) {
    rule = newRule;
  }

  /** From now on everything passes; what is frozen thaws. */
  void heal() {
    rule = request -> Treatment.PASS;
    thawWatches();
  }

  /** How many requests did not simply pass. */
  long treated() {
    return treated.get();
  }

  /** Cuts every open watch. */
  void cutWatches() {
    watches.forEach(HttpExchange::close);
    watches.clear();
  }

  /** The next watch is told that its revision is too old, and so must be listed anew. */
  void forget() {
    forgetful.set(true);
    cutWatches();
  }

  /** Open watches bring nothing until they thaw. */
  void freezeWatches() {
    thaw = new CountDownLatch(1);
  }

  void thawWatches() {
    thaw.countDown();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      ApiRequest request =
          new ApiRequest(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestBody().readAllBytes());
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
    byte[] body =
        ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\","
                + "\"message\":\"an injected fault\",\"reason\":\"%s\",\"code\":%d}")
            .formatted(reason(answer.status()), answer.status())
            .getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (answer.retryAfterSeconds() > 0) {
      exchange
          .getResponseHeaders()
          .set("Retry-After", Integer.toString(answer.retryAfterSeconds()));
    }
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
  }

  private static String reason(int status) {
    return switch (status) {
      case 429 -> "TooManyRequests";
      case 504 -> "Timeout";
      default -> "InternalError";
    };
  }

  private void pass(HttpExchange exchange, ApiRequest request)
      throws IOException, InterruptedException {
    if (request.kind() == ApiRequest.Kind.WATCH) {
      watch(exchange, request);
      return;
    }
    HttpResponse<InputStream> answer = send(exchange, request);
    byte[] body;
    try (InputStream in = answer.body()) {
      body = in.readAllBytes();
    }
    copyHeaders(exchange, answer);
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private void watch(HttpExchange exchange, ApiRequest request)
      throws IOException, InterruptedException {
    if (forgetful.getAndSet(false)) {
      treated.incrementAndGet();
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(EXPIRED.getBytes(UTF_8));
      return;
    }
    watches.add(exchange);
    HttpResponse<InputStream> answer = send(exchange, request);
    try (InputStream in = answer.body()) {
      copyHeaders(exchange, answer);
      exchange.sendResponseHeaders(answer.statusCode(), 0);
      OutputStream out = exchange.getResponseBody();
      out.flush();
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        await(thaw);
        out.write(buffer, 0, read);
        out.flush();
      }
    } finally {
      watches.remove(exchange);
    }
  }

  private HttpResponse<InputStream> send(HttpExchange exchange, ApiRequest request)
      throws IOException, InterruptedException {
    Upstream to = upstream.get();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(to.base() + request.target()))
            .header("Authorization", "Bearer " + to.token())
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    for (String name : PASSED_ON) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        builder.header(name, value);
      }
    }
    return to.client().send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  private static void copyHeaders(HttpExchange exchange, HttpResponse<InputStream> answer) {
    for (String name : List.of("Content-Type", "Retry-After")) {
      answer
          .headers()
          .firstValue(name)
          .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
    }
  }

  @Override
  public void close() {
    heal();
    server.stop(0);
  }
}
