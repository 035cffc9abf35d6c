package io.kubekv.loopback;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.netty.util.Timeout;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * fabric8's HTTP client over {@link Loopback}: fabric8 does all that it does over a socket, but for
 * the socket. Watches over WebSocket are refused; fabric8 asks for them over HTTP then.
 */
final class LoopbackClient
    extends StandardHttpClient<LoopbackClient, LoopbackTransport, LoopbackClientBuilder> {
  private final LoopbackTransport transport;

  LoopbackClient(LoopbackClientBuilder builder, AtomicBoolean closed, LoopbackTransport transport) {
    super(builder, closed);
    this.transport = transport;
  }

  /**
   * As fabric8's own, but for repeating requests, which this client must not, and for a timer a
   * request, which costs more than the request.
   */
  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytes(
      HttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (isClosed()) {
      throw new IllegalStateException("the client is closed");
    }
    StandardHttpRequest given = (StandardHttpRequest) request;
    StandardHttpRequest.Builder completed = given.newBuilder();
    builder.getInterceptors().values().forEach(each -> each.before(completed, given, this));
    return consumeBytesDirect(completed.build(), consumer);
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
      StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    byte[] body;
    try {
      body = bytes(request.body());
    } catch (IOException unreadable) {
      return CompletableFuture.failedFuture(unreadable);
    }
    LoopbackAnswer answer = new LoopbackAnswer(request, consumer);
    answer.sent(
        transport
            .server()
            .send(request.method(), target(request.uri()), headers(request), body, answer));
    limit(answer.head(), request);
    return answer.head();
  }

  private void limit(CompletableFuture<?> head, StandardHttpRequest request) {
    Duration timeout = request.getTimeout();
    if (head.isDone() || timeout == null || request.isForStreaming()) {
      return;
    }
    Timeout late =
        transport
            .timeouts()
            .newTimeout(
                now -> head.completeExceptionally(new TimeoutException("no answer in " + timeout)),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    var unused = head.whenComplete((answered, failed) -> late.cancel());
  }

  @Override
  public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
      StandardWebSocketBuilder request, WebSocket.Listener listener) {
    return CompletableFuture.failedFuture(
        new IOException("no WebSocket within the process: ask for the watch over HTTP"));
  }

  @Override
  protected void doClose() {
    transport.timeouts().stop();
  }

  private static String target(URI uri) {
    String query = uri.getRawQuery();
    return query == null ? uri.getRawPath() : uri.getRawPath() + "?" + query;
  }

  private static Map<String, String> headers(StandardHttpRequest request) {
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    if (request.getContentType() != null) {
      headers.put("content-type", request.getContentType());
    }
    return headers;
  }

  private static byte[] bytes(StandardHttpRequest.BodyContent content) throws IOException {
    return switch (content) {
      case null -> new byte[0];
      case StandardHttpRequest.ByteArrayBodyContent bytes -> bytes.getContent();
      case StandardHttpRequest.StringBodyContent text ->
          text.getContent().getBytes(StandardCharsets.UTF_8);
      case StandardHttpRequest.InputStreamBodyContent stream -> stream.getContent().readAllBytes();
      default -> throw new IOException("a body of an unknown kind: " + content);
    };
  }
}
