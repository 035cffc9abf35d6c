package io.kubekv.transport.tcp;

import io.kubekv.transport.http.EventLoop;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.Limit;
import io.kubekv.transport.limits.Origin;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.limits.Use;
import io.kubekv.transport.requests.Observation;
import io.kubekv.transport.requests.RequestMeters;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.transport.tls.FailedHandshakes;
import io.kubekv.transport.tls.ServerTls;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/** A server of connections on one address. Thread-safe. */
public final class TcpListener implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration DRAIN = Duration.ofSeconds(3);
  private static final long LOOK_MILLIS = 20;

  private final String name;
  private final TcpLimits limits;
  private final TcpProtocol protocol;
  private final EventLoop loop;
  private final Optional<Certificates> tls;
  private final Budgets budgets;
  private final Observation observation;
  private final RequestMeters meters;
  private final FailedHandshakes failedHandshakes;
  private final LongAdder cuts = new LongAdder();
  private final Map<TcpConnection, TcpProtocol.Receiver> connections = new ConcurrentHashMap<>();

  /** The event loop's alone. */
  private final Map<String, Integer> ofOrigins = new HashMap<>();

  private final NetServer server;
  private volatile long sweep = -1;
  private volatile boolean draining;

  private TcpListener(
      String name,
      TcpLimits limits,
      TcpProtocol protocol,
      EventLoop loop,
      Optional<Certificates> tls,
      Budgets budgets,
      Observation observation) {
    this.name = name;
    this.limits = limits;
    this.protocol = protocol;
    this.loop = loop;
    this.tls = tls;
    this.budgets = budgets;
    this.observation = observation;
    this.meters = new RequestMeters(name, protocol.verbs(), observation.registry());
    this.failedHandshakes = new FailedHandshakes(name);
    NetServerOptions options =
        new NetServerOptions()
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setSendBufferSize(Unsent.SOCKET_BYTES);
    tls.ifPresent(certificates -> ServerTls.show(certificates, options));
    this.server =
        loop.vertx()
            .createNetServer(options)
            .exceptionHandler(before -> failedHandshakes.add(before.toString()))
            .connectHandler(this::opened);
  }

  /**
   * Listens on an address; port 0 takes a free one. Blocks until it does.
   *
   * @param name the door's, in metrics
   * @param loop stays the caller's
   * @param tls whose certificates are shown and asked for; absent: plain text
   * @param budgets what each client may take; stay the caller's
   * @throws IOException when it cannot, saying why
   */
  public static TcpListener start(
      String name,
      String host,
      int port,
      TcpLimits limits,
      TcpProtocol protocol,
      EventLoop loop,
      Optional<Certificates> tls,
      Budgets budgets,
      Observation observation)
      throws IOException {
    TcpListener listener = new TcpListener(name, limits, protocol, loop, tls, budgets, observation);
    try {
      await(listener.server.listen(port, host), START_TIMEOUT);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
    }
    listener.sweep = loop.vertx().setPeriodic(1000, tick -> listener.enforceLimits());
    return listener;
  }

  /** The port in use. */
  public int port() {
    return server.actualPort();
  }

  /** Connections open now. */
  public int connections() {
    return connections.size();
  }

  /** Connections whose TLS handshake failed. */
  public long failedHandshakes() {
    return failedHandshakes.count();
  }

  /** Connections that were cut because a limit was passed. */
  public long cut() {
    return cuts.sum();
  }

  Budgets budgets() {
    return budgets;
  }

  void cut(Limit why) {
    cuts.increment();
    budgets.hits().refused(why);
  }

  TcpRequest request(String verb, String target, Use use) {
    return new TcpRequest(use, meters, observation.tracer().begin(name, verb, target, null), verb);
  }

  private void opened(NetSocket socket) {
    String origin =
        Origin.of(((NetSocketInternal) socket).channelHandlerContext().channel().remoteAddress());
    int ofOrigin = ofOrigins.getOrDefault(origin, 0);
    boolean tooMany = connections.size() >= limits.maxConnections();
    if (draining || tooMany || ofOrigin >= limits.maxConnectionsOfClient()) {
      cut(tooMany ? Limit.CONNECTIONS : Limit.CLIENT_CONNECTIONS);
      socket.close();
      return;
    }
    TcpConnection connection = new TcpConnection(socket, this, origin);
    TcpProtocol.Receiver receiver = begun(connection);
    ofOrigins.put(origin, ofOrigin + 1); // until it is closed
    connections.put(connection, receiver);
    socket.closeHandler(closed -> closed(connection, receiver));
    socket.exceptionHandler(broken -> connection.close());
    socket.handler(receiver::received);
  }

  private TcpProtocol.Receiver begun(TcpConnection connection) {
    try {
      return protocol.opened(connection);
    } catch (RuntimeException unexpected) {
      connection.closed();
      connection.close();
      throw unexpected; // the loop logs it
    }
  }

  private void closed(TcpConnection connection, TcpProtocol.Receiver receiver) {
    connections.remove(connection);
    ofOrigins.computeIfPresent(
        connection.origin(), (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    connection.closed();
    receiver.closed();
  }

  private void enforceLimits() {
    long now = System.nanoTime();
    for (TcpConnection connection : connections.keySet()) {
      if (connection.isLate(now, limits.readTimeout().toNanos())) {
        cut(Limit.SLOW_CLIENT);
        connection.close();
      } else if (tls.isPresent() && !tls.get().areGood(connection.session())) {
        connection.close();
      }
    }
  }

  /**
   * Takes no new connections and reads no more, lets what was asked be answered for a few seconds,
   * then cuts every connection and frees the port. May be repeated.
   */
  @Override
  public void close() {
    draining = true;
    loop.vertx().cancelTimer(sweep);
    CompletableFuture<Boolean> quiet = new CompletableFuture<>();
    loop.netty().execute(() -> drain(quiet));
    try {
      quiet.completeOnTimeout(false, DRAIN.toMillis(), TimeUnit.MILLISECONDS).get();
      await(server.close(), START_TIMEOUT);
    } catch (ExecutionException | IOException closedAlready) {
      // nothing is left to free
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void drain(CompletableFuture<Boolean> quiet) {
    connections.keySet().forEach(TcpConnection::pause);
    if (quiet.isDone() || connections.values().stream().noneMatch(TcpProtocol.Receiver::isBusy)) {
      quiet.complete(true);
    } else {
      loop.vertx().setTimer(LOOK_MILLIS, again -> drain(quiet));
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
}
