package io.kubekv.benchmarks.naive;

import io.kubekv.OutcomeUnknownException;
import io.kubekv.UnavailableException;
import io.kubekv.e2e.api.ApiAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The calls that the naive store makes, one HTTP request each. Thread-safe. */
final class ObjectApi implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final String token;
  private final URI server;
  private final String namespace;
  private final String objects;

  ObjectApi(ApiAddress api, String namespace) throws IOException {
    HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    if (api.authority().isPresent()) {
      client.sslContext(api.trust());
    }
    this.http = client.build();
    this.token = api.token();
    this.server = api.server();
    this.namespace = namespace;
    this.objects = "/apis/kubekv.io/v1/namespaces/" + namespace + "/keyvalues";
  }

  /** What the API said; a status of 4xx is the caller's to understand. */
  record Answer(int status, JsonNode body) {
    boolean isThere() {
      return status != 404;
    }
  }

  Answer get(String name) {
    return answer("GET", objects + "/" + name, "");
  }

  /**
   * @param query the parameters, each with an ampersand in front
   */
  Answer list(String query) {
    return answer("GET", objects + "?" + query, "");
  }

  Answer create(JsonNode object) {
    return answer("POST", objects, object.toString());
  }

  Answer replace(String name, JsonNode object) {
    return answer("PUT", objects + "/" + name, object.toString());
  }

  /** Only when the object is still of this revision. */
  Answer delete(String name, String resourceVersion) {
    JsonNode options =
        JSON.createObjectNode()
            .put("apiVersion", "v1")
            .put("kind", "DeleteOptions")
            .set("preconditions", JSON.createObjectNode().put("resourceVersion", resourceVersion));
    return answer("DELETE", objects + "/" + name, options.toString());
  }

  /**
   * Makes the namespace and the resource type where they are missing and that is allowed; blocks
   * until objects are served.
   */
  void install(JsonNode definition) throws IOException {
    ObjectNode space = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Namespace");
    space.putObject("metadata").put("name", namespace);
    answer("POST", "/api/v1/namespaces", space.toString());
    String types = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    answer("POST", types, definition.toString());
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    for (Answer served = list("limit=1"); served.status() != 200; served = list("limit=1")) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the API does not serve keyvalues: " + served.body());
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** The frames of a watch, one a line; the caller closes it. Blocks until it has begun. */
  HttpResponse<InputStream> watch(String query) throws InterruptedException {
    HttpRequest request = request(objects + "?watch=true&" + query).GET().build();
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UnavailableException("the API cannot be watched", e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + token);
  }

  private Answer answer(String method, String path, String body) {
    HttpRequest request =
        request(path)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() >= 500 || response.statusCode() == 429) {
        throw failure(method, "the API answered " + response.statusCode(), null);
      }
      return new Answer(response.statusCode(), tree(response.body()));
    } catch (IOException e) {
      throw failure(method, "the API did not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(method, "interrupted", e);
    }
  }

  /** A type that is not served yet is answered with plain text. */
  private static JsonNode tree(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (JacksonException text) {
      return JSON.createObjectNode();
    }
  }

  /** A change may have happened all the same. */
  private static RuntimeException failure(
      String method, String message, @org.jspecify.annotations.Nullable Exception cause) {
    Exception reason = cause == null ? new IOException(message) : cause;
    return method.equals("GET")
        ? new UnavailableException(message, reason)
        : new OutcomeUnknownException(message, reason);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
