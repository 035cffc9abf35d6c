package io.kubekv.embedded;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * An API server by its address: the one of the kubeconfig that the environment variable {@code
 * KUBEKV_TEST_KUBECONFIG} names, as an administrator, or an embedded one.
 */
final class ApiUnderTest implements AutoCloseable {
  private static final String KUBECONFIG = "KUBEKV_TEST_KUBECONFIG";

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final URI base;
  private final String token;
  private final HttpClient http;
  private final HttpClient anonymous;
  private final AutoCloseable server;
  private final Runnable forgetHistory;

  private ApiUnderTest(
      URI base,
      String token,
      HttpClient http,
      HttpClient anonymous,
      AutoCloseable server,
      Runnable forgetHistory) {
    this.base = base;
    this.token = token;
    this.http = http;
    this.anonymous = anonymous;
    this.server = server;
    this.forgetHistory = forgetHistory;
  }

  /** The server that the system properties name, or a new embedded one in memory. */
  static ApiUnderTest connect() throws IOException, GeneralSecurityException {
    String kubeconfig = System.getenv(KUBECONFIG);
    if (kubeconfig == null) {
      return of(
          EmbeddedApiServer.start(
              EmbeddedApiServerConfig.inMemory().withBookmarkInterval(Duration.ofMillis(300))));
    }
    Config config = Config.fromKubeconfig(new File(kubeconfig));
    return new ApiUnderTest(
        URI.create(config.getMasterUrl()),
        Objects.requireNonNullElse(config.getAutoOAuthToken(), ""),
        client().sslContext(SSLUtils.sslContext(config)).build(),
        client().sslContext(SSLUtils.sslContext(null, SSLUtils.trustManagers(config))).build(),
        () -> {},
        () -> {});
  }

  /** A running embedded server, which is closed with this. */
  static ApiUnderTest of(EmbeddedApiServer server) {
    HttpClient http = client().build();
    return new ApiUnderTest(
        server.uri(), server.token(), http, http, server, server.faults()::compactNow);
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT);
  }

  /** An answer: its code and its body, missing when it is not JSON. */
  record Reply(int code, JsonNode body, HttpResponse<String> http) {
    String reason() {
      return body.path("reason").asString("");
    }

    String resourceVersion() {
      return body.path("metadata").path("resourceVersion").asString("");
    }
  }

  Reply get(String path) {
    return send("GET", path, "", "application/json");
  }

  Reply post(String path, String body) {
    return send("POST", path, body, "application/json");
  }

  Reply put(String path, String body) {
    return send("PUT", path, body, "application/json");
  }

  Reply patch(String path, String contentType, String body) {
    return send("PATCH", path, body, contentType);
  }

  Reply delete(String path, String body) {
    return send("DELETE", path, body, "application/json");
  }

  Reply send(String method, String path, String body, String contentType) {
    return send(
        http,
        request(path, body.isEmpty() ? "" : contentType).method(method, publisher(body)).build());
  }

  Reply anonymous(String path) {
    return send(anonymous, HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT).build());
  }

  private static HttpRequest.BodyPublisher publisher(String body) {
    return body.isEmpty()
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofString(body);
  }

  private HttpRequest.Builder request(String path, String contentType) {
    HttpRequest.Builder builder = identified(path).timeout(TIMEOUT);
    return contentType.isEmpty() ? builder : builder.header("Content-Type", contentType);
  }

  /** By token where there is one; a client certificate needs no header. */
  private HttpRequest.Builder identified(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path));
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  private static Reply send(HttpClient by, HttpRequest request) {
    try {
      HttpResponse<String> response =
          by.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      String text = response.body();
      JsonNode body =
          text.startsWith("{") ? ObjectJson.MAPPER.readTree(text) : ObjectJson.MAPPER.missingNode();
      return new Reply(response.statusCode(), body, response);
    } catch (IOException e) {
      throw new IllegalStateException(request.method() + " " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Opens a watch over plain HTTP; its events are read as they come. */
  WatchReader watch(String pathAndQuery) {
    try {
      HttpResponse<Stream<String>> response =
          http.send(identified(pathAndQuery).build(), HttpResponse.BodyHandlers.ofLines());
      return new WatchReader(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new IllegalStateException(pathAndQuery, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Makes an embedded server forget; a real one has long forgotten its first revision. */
  void forgetHistory() {
    forgetHistory.run();
  }

  /** Whether it is the embedded server, which promises more than kube-apiserver here and there. */
  boolean isEmbedded() {
    return System.getenv(KUBECONFIG) == null;
  }

  URI base() {
    return base;
  }

  String token() {
    return token;
  }

  HttpClient http() {
    return http;
  }

  @Override
  public void close() throws Exception {
    http.close();
    server.close();
  }
}
