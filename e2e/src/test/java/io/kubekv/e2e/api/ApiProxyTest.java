package io.kubekv.e2e.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiProxyTest {
  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private final CountDownLatch more = new CountDownLatch(1);
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private HttpServer server;
  private ApiProxy proxy;

  @BeforeEach
  void start() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          arrived.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("one\n".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
          if (exchange.getRequestURI().toString().contains("watch=true")) {
            awaitMore();
            exchange.getResponseBody().write("two\n".getBytes(StandardCharsets.UTF_8));
          }
          exchange.close();
        });
    server.start();
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    Upstream upstream = new Upstream(base, "secret", client);
    proxy = ApiProxy.start(() -> upstream);
  }

  @AfterEach
  void stop() {
    more.countDown();
    proxy.close();
    server.stop(0);
  }

  private void awaitMore() {
    try {
      more.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletableFuture<HttpResponse<String>> send(String method, String target, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(proxy.uri() + target))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void request_passes() {
    assertThat(send("PUT", "/a?b=c", "body").join().body()).isEqualTo("one\n");
    assertThat(arrived).containsExactly("PUT /a?b=c body");
    assertThat(proxy.treated()).isZero();
  }

  @Test
  void answer_isSwallowed_afterTheRequestWasDone() {
    proxy.treat(request -> new Treatment.Swallow());
    assertThatThrownBy(() -> send("PUT", "/a", "x").join()).hasCauseInstanceOf(IOException.class);
    assertThat(arrived).containsExactly("PUT /a x");
  }

  @Test
  void answer_isInvented() {
    proxy.treat(request -> Treatment.throttled(7));
    HttpResponse<String> answer = send("PUT", "/a", "x").join();
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("7");
    assertThat(answer.body()).contains("\"code\":429");
    assertThat(arrived).isEmpty();
  }

  @Test
  void answer_isReplaced_afterTheRequestWasDone() {
    Treatment.Answer error = Treatment.failing(500, "InternalError");
    proxy.treat(request -> new Treatment.Misreport(error));
    HttpResponse<String> answer = send("PUT", "/a", "x").join();
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("\"reason\":\"InternalError\"");
    assertThat(arrived).containsExactly("PUT /a x");
    assertThat(proxy.treated()).isOne();
  }

  @Test
  void answer_isLate_andTheRequestIsNot() {
    proxy.treat(request -> new Treatment.DelayAnswer(Duration.ofHours(1).toMillis()));
    CompletableFuture<HttpResponse<String>> late = send("PUT", "/a", "x");
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (arrived.isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(arrived).containsExactly("PUT /a x");
    assertThat(late).isNotDone();
    proxy.treat(request -> new Treatment.DelayAnswer(1));
    assertThat(send("PUT", "/b", "y").join().body()).isEqualTo("one\n");
  }

  @Test
  void watch_streams_andIsFrozen() throws Exception {
    try (InputStream stream = watch()) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      assertThat(lines.readLine()).isEqualTo("one");
      proxy.freezeWatches();
      more.countDown();
      CompletableFuture<String> next =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return lines.readLine();
                } catch (IOException e) {
                  return e.toString();
                }
              });
      assertThat(next).isNotDone();
      proxy.thawWatches();
      assertThat(next.join()).isEqualTo("two");
    }
  }

  @Test
  void watch_isCut_andTheNextIsTooOld() throws Exception {
    try (InputStream stream = watch()) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      lines.readLine();
      proxy.forget();
      assertThatThrownBy(() -> read(lines)).isInstanceOf(IOException.class);
    }
    try (InputStream next = watch()) {
      assertThat(new String(next.readAllBytes(), StandardCharsets.UTF_8)).contains("\"code\":410");
    }
    more.countDown();
    assertThat(send("GET", "/a?watch=true", "").join().body()).isEqualTo("one\ntwo\n");
  }

  private static void read(BufferedReader lines) throws IOException {
    if (lines.readLine() == null) {
      throw new IOException("the stream has ended");
    }
  }

  private InputStream watch() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(proxy.uri() + "/a?watch=true")).build();
    return client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
  }
}
