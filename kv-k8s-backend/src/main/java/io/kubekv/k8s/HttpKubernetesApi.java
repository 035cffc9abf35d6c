package io.kubekv.k8s;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.kubekv.Revision;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The API over fabric8's HTTP client, which brings TLS, credentials and connections; the JSON is
 * our own, because fabric8's object layer costs two to three times the transport.
 *
 * <p>The client must not retry by itself: {@code requestRetryBackoffLimit} 0.
 */
final class HttpKubernetesApi implements KubernetesApi {
  private static final String JSON = "application/json";
  private static final int PAGE_OBJECTS = 2_000;
  private static final Duration TOO_LARGE_PAUSE = Duration.ofMinutes(1);

  private final HttpClient http;
  private final String objects;
  private final Duration timeout;
  private final CallTimeouts timeouts;
  private final long mostBytes;

  /**
   * @param namespace the namespace that is the store
   * @param timeout how long a request may take
   */
  HttpKubernetesApi(KubernetesClient client, String namespace, Duration timeout) {
    this(client, namespace, timeout, Runtime.getRuntime().maxMemory() / 2);
  }

  /**
   * @param mostBytes of objects that are listed
   */
  HttpKubernetesApi(KubernetesClient client, String namespace, Duration timeout, long mostBytes) {
    this.mostBytes = mostBytes;
    if (client.getConfiguration().getRequestRetryBackoffLimit() != 0) {
      throw new IllegalArgumentException(
          "the Kubernetes client repeats requests, which would apply changes twice:"
              + " build it with requestRetryBackoffLimit 0");
    }
    this.http = client.getHttpClient();
    String base = client.getMasterUrl().toString();
    this.objects =
        (base.endsWith("/") ? base : base + "/")
            + "apis/"
            + KeyValueDefinition.API_VERSION
            + "/namespaces/"
            + namespace
            + "/"
            + KeyValueDefinition.PLURAL;
    this.timeout = timeout;
    this.timeouts = new CallTimeouts(timeout);
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> create(byte[] body) {
    return change(write(objects).post(JSON, body));
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> replace(String name, byte[] body) {
    return change(write(objects + "/" + name).put(JSON, text(body)));
  }

  @Override
  public CompletableFuture<Optional<ApiFailure>> remove(String name, byte[] body) {
    return change(write(objects + "/" + name).delete(JSON, text(body)));
  }

  @Override
  public void endOverdue() {
    timeouts.endOverdue();
  }

  @Override
  public Optional<ObservedObject> get(String name) throws ApiCallException, InterruptedException {
    HttpResponse<byte[]> response = await(request(objects + "/" + name).build());
    if (response.isSuccessful()) {
      return Optional.of(understood(response.body(), ObjectJson::read));
    }
    ApiFailure failure = KubernetesErrors.of(response.code(), response.body());
    if (failure instanceof ApiFailure.NotFound) {
      return Optional.empty();
    }
    throw new ApiCallException(failure);
  }

  @Override
  public Listed list(Optional<Revision> exactly) throws ApiCallException, InterruptedException {
    String first =
        exactly.map(at -> "&resourceVersionMatch=Exact&resourceVersion=" + at).orElse("");
    List<ObservedObject> all = new ArrayList<>();
    ObjectJson.Page page = page(first);
    long bytes = addTo(all, page, 0);
    while (page.more().isPresent()) {
      page = page("&continue=" + URLEncoder.encode(page.more().get(), StandardCharsets.UTF_8));
      bytes = addTo(all, page, bytes);
    }
    return new Listed(all, page.revision());
  }

  /** Better no store than a process that ends for want of memory, again and again. */
  private long addTo(List<ObservedObject> all, ObjectJson.Page page, long before)
      throws ApiCallException {
    long bytes = before;
    for (ObservedObject object : page.objects()) {
      bytes += object instanceof ObservedObject.Stored stored ? Index.size(stored.object()) : 0;
    }
    if (bytes > mostBytes) {
      throw new ApiCallException(
          new ApiFailure.NotYet(
              TOO_LARGE_PAUSE,
              "the store's objects take more than "
                  + (mostBytes >> 20)
                  + " MiB, for which this process's heap of "
                  + (Runtime.getRuntime().maxMemory() >> 20)
                  + " MiB has no room: give it more memory (-Xmx, or its container's limit)"));
    }
    all.addAll(page.objects());
    return bytes;
  }

  @Override
  public Stream watch(Revision after, StreamListener listener) {
    String uri = objects + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + after;
    EventStream stream = new EventStream(listener);
    http.consumeBytes(
            http.newHttpRequestBuilder().uri(uri).forStreaming().build(), stream::received)
        .whenComplete(
            (response, failed) -> {
              if (failed != null) {
                stream.ended(Optional.of(failure(failed)));
              } else {
                opened(response, stream);
              }
            });
    return stream;
  }

  private static void opened(HttpResponse<AsyncBody> response, EventStream stream) {
    AsyncBody body = response.body();
    stream.opened(response.code(), body);
    body.done()
        .whenComplete(
            (done, failed) ->
                stream.ended(Optional.ofNullable(failed).map(HttpKubernetesApi::failure)));
    body.consume();
  }

  private ObjectJson.Page page(String query) throws ApiCallException, InterruptedException {
    HttpResponse<byte[]> response =
        await(request(objects + "?limit=" + PAGE_OBJECTS + query).build());
    if (!response.isSuccessful()) {
      throw new ApiCallException(KubernetesErrors.of(response.code(), response.body()));
    }
    return understood(response.body(), ObjectJson::readPage);
  }

  /** A proxy may answer with anything, and a body may be cut: that is no answer, but no bug. */
  private static <T> T understood(byte[] body, Function<byte[], T> reader) throws ApiCallException {
    try {
      return reader.apply(body);
    } catch (RuntimeException foreign) {
      throw new ApiCallException(
          new ApiFailure.NoAnswer("what came is no answer of a Kubernetes API: " + foreign));
    }
  }

  private HttpRequest.Builder request(String uri) {
    return http.newHttpRequestBuilder().uri(uri).timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Its time is bounded here: a timeout of the client's costs two exceptions a request. */
  private HttpRequest.Builder write(String uri) {
    return http.newHttpRequestBuilder().uri(uri);
  }

  private CompletableFuture<Optional<ApiFailure>> change(HttpRequest.Builder request) {
    try {
      return timeouts
          .bound(http.sendAsync(request.build(), byte[].class))
          .handle(
              (response, failed) ->
                  failed != null
                      ? Optional.of(failure(failed))
                      : response.isSuccessful()
                          ? Optional.empty()
                          : Optional.of(KubernetesErrors.of(response.code(), response.body())));
    } catch (IllegalStateException closed) {
      return CompletableFuture.completedFuture(
          Optional.of(new ApiFailure.Unreachable(closed.toString())));
    }
  }

  private HttpResponse<byte[]> await(HttpRequest request)
      throws ApiCallException, InterruptedException {
    try {
      return http.sendAsync(request, byte[].class).get();
    } catch (ExecutionException failed) {
      throw new ApiCallException(failure(failed));
    } catch (IllegalStateException closed) {
      throw new ApiCallException(new ApiFailure.Unreachable(closed.toString()));
    }
  }

  private static ApiFailure failure(Throwable failed) {
    boolean wrapped = failed instanceof CompletionException || failed instanceof ExecutionException;
    Throwable cause = wrapped && failed.getCause() != null ? failed.getCause() : failed;
    return KubernetesErrors.ofTransport(cause);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
