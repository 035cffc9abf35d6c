package io.kubekv.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;

/**
 * An API server by its address: the one named by {@code -Dkubekv.conformance.url} with {@code
 * .token} and {@code .ca} (a PEM file), or an embedded one.
 */
final class ApiUnderTest implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final URI base;
  private final String token;
  private final HttpClient http;
  private final AutoCloseable server;
  private final Runnable forgetHistory;

  private ApiUnderTest(
      URI base, String token, HttpClient http, AutoCloseable server, Runnable forgetHistory) {
    this.base = base;
    this.token = token;
    this.http = http;
    this.server = server;
    this.forgetHistory = forgetHistory;
  }

  /** The server that the system properties name, or a new embedded one in memory. */
  static ApiUnderTest connect() throws IOException, GeneralSecurityException {
    String url = System.getProperty("kubekv.conformance.url", "");
    if (url.isEmpty()) {
      return of(
          EmbeddedApiServer.start(
              EmbeddedApiServerConfig.inMemory().withBookmarkInterval(Duration.ofMillis(300))));
    }
    HttpClient.Builder builder = client();
    String ca = System.getProperty("kubekv.conformance.ca", "");
    if (!ca.isEmpty()) {
      builder.sslContext(trusting(Path.of(ca)));
    }
    return new ApiUnderTest(
        URI.create(url),
        System.getProperty("kubekv.conformance.token", ""),
        builder.build(),
        () -> {},
        () -> {});
  }

  /** A running embedded server, which is closed with this. */
  static ApiUnderTest of(EmbeddedApiServer server) {
    return new ApiUnderTest(
        server.uri(), server.token(), client().build(), server, server.faults()::compactNow);
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT);
  }

  private static SSLContext trusting(Path ca) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int n = 0;
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(ca)))) {
      store.setCertificateEntry("ca" + n++, certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
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
        request(path, body.isEmpty() ? "" : contentType).method(method, publisher(body)).build());
  }

  Reply anonymous(String path) {
    return send(HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT).build());
  }

  private static HttpRequest.BodyPublisher publisher(String body) {
    return body.isEmpty()
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofString(body);
  }

  private HttpRequest.Builder request(String path, String contentType) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token);
    return contentType.isEmpty() ? builder : builder.header("Content-Type", contentType);
  }

  private Reply send(HttpRequest request) {
    try {
      HttpResponse<String> response =
          http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
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
          http.send(
              HttpRequest.newBuilder(base.resolve(pathAndQuery))
                  .header("Authorization", "Bearer " + token)
                  .build(),
              HttpResponse.BodyHandlers.ofLines());
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
