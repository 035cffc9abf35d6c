package io.kubekv.k8s.api;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.kubekv.k8s.form.KeyValueDefinition;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The API over fabric8's HTTP client, which must not repeat requests by itself: {@code
 * requestRetryBackoffLimit} 0.
 */
public final class HttpObjectApi implements ObjectApi {
  private static final String JSON_TYPE = "application/json";
  private static final String WHO_ALONE =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  private static final String NOTE = "kubekv.io/written";

  /** Of a list: as many objects as come to about that many bytes, by those before. */
  private static final int PAGE_BYTES = 8 << 20;

  /** How often a page that is not the first is asked for until its failure is that of the list. */
  private static final int PAGE_ATTEMPTS = 3;

  private static final Duration PAGE_PAUSE = Duration.ofMillis(50);
  private static final int FIRST_PAGE = 8;

  /** Of objects with their content: those before may all be small, and the next all large. */
  private static final int LARGEST_PAGE = 32;

  private static final int LARGEST_PAGE_OF_NAMES = 500;

  private final JsonMapper json = JsonMapper.shared();
  private final HttpClient http;
  private final String namespace;
  private final Duration timeout;
  private final CallTimeouts timeouts;

  /**
   * @param timeout how long a request may take
   */
  public HttpObjectApi(KubernetesClient client, String namespace, Duration timeout) {
    if (client.getConfiguration().getRequestRetryBackoffLimit() != 0) {
      throw new IllegalArgumentException(
          "the Kubernetes client repeats requests: build it with requestRetryBackoffLimit 0");
    }
    this.http = client.getHttpClient();
    String base = client.getMasterUrl().toString();
    this.namespace =
        "%sapis/%s/namespaces/%s/"
            .formatted(
                base.endsWith("/") ? base : base + "/", KeyValueDefinition.API_VERSION, namespace);
    this.timeout = timeout;
    this.timeouts = new CallTimeouts(timeout);
  }

  @Override
  public CompletableFuture<Void> create(ApiKind kind, String name, ObjectNode spec) {
    ObjectNode object = object(kind, name, spec);
    return change(request(path(kind)).post(JSON_TYPE, json.writeValueAsString(object)));
  }

  @Override
  public CompletableFuture<Void> replace(
      ApiKind kind, String name, String version, ObjectNode spec, String note) {
    ObjectNode object = object(kind, name, spec);
    ObjectNode metadata = (ObjectNode) object.path("metadata");
    metadata.put("resourceVersion", version);
    metadata.putArray("managedFields").addObject();
    if (!note.isEmpty()) {
      metadata.putObject("annotations").put(NOTE, note);
    }
    return change(request(path(kind) + "/" + name).put(JSON_TYPE, json.writeValueAsString(object)));
  }

  @Override
  public CompletableFuture<Void> remove(ApiKind kind, ApiObject object) {
    ObjectNode options = json.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options
        .putObject("preconditions")
        .put("uid", object.uid())
        .put("resourceVersion", object.version());
    return change(
        request(path(kind) + "/" + object.name())
            .delete(JSON_TYPE, json.writeValueAsString(options)));
  }

  @Override
  public CompletableFuture<Optional<ApiObject>> get(ApiKind kind, String name) {
    return send(request(path(kind) + "/" + name), body -> Optional.of(ApiObject.of(body)))
        .exceptionallyCompose(
            failed ->
                failureOf(failed) instanceof ApiFailure.NotFound
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(failed));
  }

  @Override
  public CompletableFuture<String> list(ApiKind kind, boolean contents, Consumer<ApiObject> each) {
    return page(kind, contents, contents ? FIRST_PAGE : LARGEST_PAGE_OF_NAMES, "", each);
  }

  private CompletableFuture<String> page(
      ApiKind kind, boolean contents, int limit, String more, Consumer<ApiObject> each) {
    HttpRequest.Builder request =
        request(
            "%s?limit=%d%s"
                .formatted(
                    path(kind),
                    limit,
                    more.isEmpty()
                        ? ""
                        : "&continue=" + URLEncoder.encode(more, StandardCharsets.UTF_8)));
    if (!contents) {
      request.header("Accept", WHO_ALONE);
    }
    int largest = contents ? LARGEST_PAGE : LARGEST_PAGE_OF_NAMES;
    return page(request, largest, more.isEmpty() ? 1 : PAGE_ATTEMPTS)
        .thenCompose(
            page -> {
              page.body().path("items").forEach(item -> each.accept(ApiObject.of(item)));
              JsonNode metadata = page.body().path("metadata");
              String next = metadata.path("continue").asString("");
              return next.isEmpty()
                  ? CompletableFuture.completedFuture(metadata.path("resourceVersion").asString(""))
                  : page(kind, contents, page.nextLimit(), next, each);
            });
  }

  private record Page(JsonNode body, int nextLimit) {}

  /**
   * A list of many pages would hardly ever come to its end if one failure were that of all. Whose
   * first page fails has lost nothing: its caller knows how long to stay away.
   */
  private CompletableFuture<Page> page(HttpRequest.Builder request, int largest, int attempts) {
    return send(request, (bytes, body) -> new Page(body, nextLimit(bytes, body, largest)))
        .exceptionallyCompose(
            failed -> {
              ApiFailure failure = failureOf(failed);
              return attempts > 1 && failure.isPassing()
                  ? page(request, largest, attempts - 1, failure.retryAfter().orElse(PAGE_PAUSE))
                  : CompletableFuture.failedFuture(failed);
            });
  }

  private CompletableFuture<Page> page(
      HttpRequest.Builder request, int largest, int attempts, Duration pause) {
    long millis = Math.clamp(pause.toMillis(), PAGE_PAUSE.toMillis(), timeout.toMillis());
    return CompletableFuture.completedFuture(request)
        .thenComposeAsync(
            again -> page(again, largest, attempts),
            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
  }

  private static int nextLimit(int bytes, JsonNode body, int largest) {
    long each = Math.max(1, bytes / Math.max(1, body.path("items").size()));
    return Math.clamp(PAGE_BYTES / each, 1, largest);
  }

  @Override
  public Stream watch(ApiKind kind, String version, Listener listener) {
    WatchLines lines = new WatchLines(json, listener);
    String uri = path(kind) + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + version;
    try {
      var unused =
          http.consumeBytes(
                  http.newHttpRequestBuilder().uri(uri).forStreaming().build(), lines::received)
              .whenComplete(
                  (response, failed) -> {
                    if (failed != null) {
                      lines.end(Optional.of(failureOf(failed)));
                    } else {
                      opened(response, lines);
                    }
                  });
    } catch (IllegalStateException closed) {
      lines.end(Optional.of(new ApiFailure.Unreachable(closed.toString())));
    }
    return lines;
  }

  private static void opened(HttpResponse<AsyncBody> response, WatchLines lines) {
    AsyncBody body = response.body();
    lines.opened(response.code(), body);
    var unused =
        body.done()
            .whenComplete(
                (done, failed) ->
                    lines.end(Optional.ofNullable(failed).map(HttpObjectApi::failureOf)));
    body.consume();
  }

  /** Why a future of this API failed. */
  public static ApiFailure failureOf(Throwable failed) {
    boolean wrapped = failed instanceof CompletionException || failed instanceof ExecutionException;
    Throwable cause = wrapped && failed.getCause() != null ? failed.getCause() : failed;
    return cause instanceof ApiCallException known
        ? known.failure()
        : KubernetesErrors.ofTransport(cause);
  }

  /** Waits for a future of this API. */
  public static <T> T await(CompletableFuture<T> future)
      throws ApiCallException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw new ApiCallException(failureOf(failed));
    }
  }

  private String path(ApiKind kind) {
    return namespace + kind.plural();
  }

  private ObjectNode object(ApiKind kind, String name, ObjectNode spec) {
    ObjectNode object = json.createObjectNode();
    object.put("apiVersion", KeyValueDefinition.API_VERSION).put("kind", kind.name());
    object.putObject("metadata").put("name", name);
    object.set("spec", spec);
    return object;
  }

  private HttpRequest.Builder request(String uri) {
    return http.newHttpRequestBuilder().uri(uri);
  }

  /** What a change answers is not read. */
  private CompletableFuture<Void> change(HttpRequest.Builder request) {
    return send(request, body -> body).thenAccept(body -> {});
  }

  private <T> CompletableFuture<T> send(HttpRequest.Builder request, Function<JsonNode, T> reader) {
    return send(request, (bytes, body) -> reader.apply(body));
  }

  /** Reads an answer, whose size is told, too. */
  private interface Reader<T> {
    T read(int bytes, JsonNode body);
  }

  private <T> CompletableFuture<T> send(HttpRequest.Builder request, Reader<T> reader) {
    HttpRequest built = request.build();
    CompletableFuture<HttpResponse<byte[]>> sent;
    try {
      sent = http.sendAsync(built, byte[].class);
    } catch (IllegalStateException closed) {
      return CompletableFuture.failedFuture(
          new ApiCallException(new ApiFailure.Unreachable(closed.toString())));
    }
    return timeouts
        .bound(sent)
        .exceptionallyCompose(
            failed -> CompletableFuture.failedFuture(new ApiCallException(failureOf(failed))))
        .thenCompose(response -> answer(built.method(), response, reader));
  }

  private <T> CompletableFuture<T> answer(
      String method, HttpResponse<byte[]> response, Reader<T> reader) {
    if (!response.isSuccessful()) {
      return CompletableFuture.failedFuture(
          new ApiCallException(KubernetesErrors.of(response.code(), response.body())));
    }
    try {
      return CompletableFuture.completedFuture(
          reader.read(
              response.body().length,
              method.equals("GET") ? json.readTree(response.body()) : json.missingNode()));
    } catch (RuntimeException foreign) {
      return CompletableFuture.failedFuture(
          new ApiCallException(
              new ApiFailure.NoAnswer("what came is no answer of a Kubernetes API: " + foreign)));
    }
  }
}
