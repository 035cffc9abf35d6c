package io.kubekv.transport.http;

import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.Origin;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.tls.FailedHandshakes;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * An HTTP/1.1 server on one address. A request that its handler does not take at once gets a thread
 * of its own from the given executor, which should be one of virtual threads. Thread-safe.
 */
public final class HttpListener implements AutoCloseable, ListenerStats {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);

  private final String host;
  private final HttpLimits limits;
  private final RequestReader reader;
  private final EventLoop loop;
  private final boolean ownsLoop;
  private final AnswerCounts counts = new AnswerCounts();
  private final LongAdder cuts = new LongAdder();
  private final FailedHandshakes failedHandshakes = new FailedHandshakes("HTTP");
  private final Sources sources;
  private final Map<HttpConnection, Connection> connections = new ConcurrentHashMap<>();
  private final Optional<Certificates> tls;
  private final Optional<PassedOn> http2;
  private final HttpServer server;
  private volatile long sweep = -1;
  private volatile boolean draining;

  private HttpListener(
      String host,
      HttpLimits limits,
      HttpHandler handler,
      Executor threads,
      EventLoop loop,
      boolean ownsLoop,
      Optional<Certificates> tls,
      Budgets budgets,
      Optional<Consumer<Channel>> http2) {
    this.host = host;
    this.limits = limits;
    this.tls = tls;
    this.sources = new Sources(limits, budgets);
    this.http2 = http2.map(taker -> new PassedOn(taker, sources));
    this.reader = new RequestReader(limits, handler, counts, threads, budgets);
    this.loop = loop;
    this.ownsLoop = ownsLoop;
    this.server =
        loop.vertx()
            .createHttpServer(ListenerOptions.of(limits, tls, http2.isPresent()))
            .connectionHandler(this::opened)
            .exceptionHandler(before -> failedHandshakes.add(before.toString()))
            .invalidRequestHandler(HttpListener::invalid)
            .requestHandler(this::requested);
  }

  /**
   * Listens on an address, with an event loop of its own; port 0 takes a free one. Blocks until it
   * does.
   *
   * @throws IOException when it cannot, saying why
   */
  public static HttpListener start(
      String host, int port, HttpLimits limits, HttpHandler handler, Executor threads)
      throws IOException {
    Budgets unlimited = new Budgets(ClientLimits.DEFAULT, Integer.MAX_VALUE);
    return startApart(host, port, limits, handler, threads, unlimited);
  }

  /**
   * As above.
   *
   * @param budgets what each client may take; stay the caller's
   */
  public static HttpListener startApart(
      String host,
      int port,
      HttpLimits limits,
      HttpHandler handler,
      Executor threads,
      Budgets budgets)
      throws IOException {
    EventLoop own = new EventLoop();
    return new HttpListener(
            host, limits, handler, threads, own, true, Optional.empty(), budgets, Optional.empty())
        .listen(port);
  }

  /**
   * As above, on an event loop that stays the caller's.
   *
   * @param tls whose certificates are shown and asked for; absent: plain text
   * @param budgets what each client may take; stay the caller's
   */
  public static HttpListener start(
      String host,
      int port,
      HttpLimits limits,
      HttpHandler handler,
      Executor threads,
      EventLoop loop,
      Optional<Certificates> tls,
      Budgets budgets)
      throws IOException {
    return start(host, port, limits, handler, threads, loop, tls, budgets, Optional.empty());
  }

  /**
   * As above.
   *
   * @param http2 takes, on the event loop, what clients connect with who speak HTTP/2: a channel
   *     whose first bytes come when this has returned, behind TLS if there is any, with no other
   *     handler. It counts as a connection of its client's here, and is closed with the others when
   *     this is. Absent: they are refused
   */
  public static HttpListener start(
      String host,
      int port,
      HttpLimits limits,
      HttpHandler handler,
      Executor threads,
      EventLoop loop,
      Optional<Certificates> tls,
      Budgets budgets,
      Optional<Consumer<Channel>> http2)
      throws IOException {
    return new HttpListener(host, limits, handler, threads, loop, false, tls, budgets, http2)
        .listen(port);
  }

  private HttpListener listen(int port) throws IOException {
    try {
      await(server.listen(port, host), START_TIMEOUT);
    } catch (IOException e) {
      close();
      throw new IOException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
    }
    sweep = loop.vertx().setPeriodic(1000, tick -> enforceLimits());
    return this;
  }

  /** The address in use: the host as given, and the port that was taken. */
  public InetSocketAddress localAddress() {
    return InetSocketAddress.createUnresolved(host, port());
  }

  /** The port in use. */
  public int port() {
    return server.actualPort();
  }

  private void opened(HttpConnection wire) {
    int passed = http2.map(PassedOn::open).orElse(0);
    if (connections.size() + passed >= limits.maxConnections()) {
      cut(Limit.CONNECTIONS);
      wire.close();
      return;
    }
    HttpServerConnection opened = (HttpServerConnection) wire;
    Source source = sources.of(Origin.of(opened.channelHandlerContext().channel().remoteAddress()));
    Connection connection = new Connection(opened, source, this::cut);
    connections.put(wire, connection);
    ChannelHandlerContext vertx = opened.channelHandlerContext();
    vertx.pipeline().addBefore(vertx.name(), "wire form", new WireForm(connection));
    vertx.pipeline().replace(HttpRequestDecoder.class, "decoder", new RequestDecoder(limits));
    wire.closeHandler(closed -> closed(wire, connection));
    http2.ifPresent(passedOn -> lookForHttp2(wire, vertx.pipeline(), connection, passedOn));
    if (draining) {
      connection.stopWaiting();
    }
    if (!receive(connection)) {
      connection.cut(Limit.CLIENT_CONNECTIONS);
    }
  }

  private void lookForHttp2(
      HttpConnection wire, ChannelPipeline pipeline, Connection connection, PassedOn passedOn) {
    Runnable leaves =
        () -> {
          connections.remove(wire);
          passedOn.pass(connection, pipeline);
        };
    pipeline.addBefore("decoder", "first bytes", new FirstBytes(leaves));
  }

  /** Whether it may stay. */
  private static boolean receive(Connection connection) {
    Source.Reception reception = connection.source().connected();
    if (reception == Source.Reception.TOLD) {
      connection.tellItIsTooMany();
    }
    return reception != Source.Reception.CLOSED;
  }

  private void closed(HttpConnection wire, Connection connection) {
    connections.remove(wire);
    sources.left(connection.source(), connection.closed());
  }

  private void cut(Limit why) {
    cuts.increment();
    sources.hits().refused(why);
  }

  private void requested(HttpServerRequest request) {
    Connection connection = connections.get(request.connection());
    if (tls.isPresent() && !tls.get().areGood(request.connection().sslSession())) {
      request.connection().close(); // nothing was done; the handshake of the next one says why
      return;
    }
    Optional<Refusal> refusal = Refusal.of(request);
    if (refusal.isPresent()) {
      refuse(request, refusal.get());
    } else if (request.uri().equals("*")) {
      request.response().putHeader("Content-Length", "0").end(); // no door is asked
    } else if (connection != null) {
      reader.read(request, connection);
    }
  }

  private static void invalid(HttpServerRequest request) {
    refuse(request, Refusal.coding(request).orElse(Refusal.BAD_REQUEST));
  }

  private static void refuse(HttpServerRequest request, Refusal refusal) {
    HttpServerResponse response =
        request
            .response()
            .setStatusCode(refusal.status())
            .setStatusMessage(refusal.reason())
            .putHeader("Connection", "close")
            .putHeader("Content-Length", Integer.toString(refusal.body().length()));
    if (!refusal.body().isEmpty()) {
      response.putHeader("Content-Type", "text/plain; charset=utf-8");
    }
    response.end(refusal.body()).onComplete(sent -> request.connection().close());
  }

  private void enforceLimits() {
    long now = System.nanoTime();
    boolean hurry = sources.room().isWaitedFor();
    for (Connection connection : connections.values()) {
      connection.enforce(limits, now, hurry);
    }
    tls.ifPresent(this::closeThoseOfFormerClients);
  }

  /** What they have open, ends: watches, and answers that are not taken. */
  private void closeThoseOfFormerClients(Certificates certificates) {
    for (HttpConnection wire : connections.keySet()) {
      if (!certificates.areGood(wire.sslSession())) {
        wire.close();
      }
    }
  }

  /**
   * Takes no new connections, cuts open streams and parked requests at once, lets requests that are
   * worked on end for up to {@code atMost}, then cuts what is left. Blocks until then.
   */
  public void drain(Duration atMost) {
    draining = true;
    connections.values().forEach(Connection::stopWaiting);
    try {
      await(server.shutdown(atMost.toMillis(), TimeUnit.MILLISECONDS), atMost.plus(START_TIMEOUT));
    } catch (IOException cut) {
      // what did not end in time is cut by close
    }
  }

  /**
   * Cuts every connection and frees the port; on an event loop of others the system may take a
   * connection more until the loop looks at its sockets again. May be repeated.
   */
  @Override
  public void close() {
    if (ownsLoop) {
      loop.close();
      return;
    }
    loop.vertx().cancelTimer(sweep);
    connections.values().forEach(Connection::close);
    try {
      await(server.close(), START_TIMEOUT);
    } catch (IOException closedAlready) {
      // nothing is left to free
    }
  }

  private static <T> T await(Future<T> future, Duration atMost) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("not done in " + atMost.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public int connections() {
    return connections.size();
  }

  @Override
  public long failedHandshakes() {
    return failedHandshakes.count();
  }

  @Override
  public int streams() {
    return counts.streams();
  }

  @Override
  public long held() {
    return sources.held();
  }

  @Override
  public long cut() {
    return cuts.sum();
  }

  @Override
  public Map<ListenerStats.Answered, Long> answers() {
    return counts.answers();
  }
}
