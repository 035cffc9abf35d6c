package io.kubekv.transport.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.requests.Observation;
import io.kubekv.transport.requests.RequestMeters;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tls.Certificates;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Serves what a door has over gRPC, with {@code grpc.health.v1} and reflection beside it. Calls are
 * served on virtual threads, which may block, but those that can be answered from memory by the
 * event loop that read them: changing threads would cost more than the rest ({@link CallThreads}).
 * What a client can make the server hold is bounded by {@link GrpcSettings} and its budget.
 */
public final class GrpcListener implements AutoCloseable {
  private static final int BESIDE_VALUES_BYTES = 192 << 10;

  /** How long new calls come by a connection where clients show certificates. */
  private static final int CONNECTION_MINUTES = 10;

  /** As long as a request over HTTP may take to arrive. */
  private static final int HANDSHAKE_SECONDS = 30;

  /** How long calls that were cancelled may take to end. */
  private static final int CANCELLING_SECONDS = 1;

  /** Calls that are begun and cancelled at once cost their client nothing and the server much. */
  private static final int CANCELLED_CALLS = 20_000;

  private static final int CANCELLED_CALLS_SECONDS = 10;

  private final Server server;
  private final Connections connections;
  private final StoreHealth health;
  private final Optional<GoodCertificates> good;
  private final GrpcSettings settings;
  private long deadline;

  private GrpcListener(
      Server server,
      Connections connections,
      StoreHealth health,
      Optional<GoodCertificates> good,
      GrpcSettings settings) {
    this.server = server;
    this.connections = connections;
    this.health = health;
    this.good = good;
    this.settings = settings;
  }

  /**
   * Listens. A door does not call this, but its context ({@code DoorContext.grpc}), which forgets
   * neither gate nor budgets.
   *
   * @param address where; port 0 for any free one
   * @param store whose limits hold, and whose readiness is told
   * @param threads virtual threads; not taken over
   * @param companion what is served beside the door's own
   * @param gate knows who calls and what they may; absent: everybody may everything
   * @param budgets what each client may take; stay the caller's
   * @throws IOException when the address cannot be bound
   */
  public static GrpcListener start(
      InetSocketAddress address,
      GrpcSettings settings,
      GrpcServices services,
      KeyValueStore store,
      ExecutorService threads,
      Companion companion,
      Optional<Gate> gate,
      Budgets budgets)
      throws IOException {
    NettyServerBuilder base = NettyServerBuilder.forAddress(address, credentials(settings.tls()));
    return serving(base, settings, services, store, threads, companion, gate, budgets);
  }

  /**
   * Serves what another listener passes on ({@link PassedConnections#pass}), which has the port.
   * The rest is as above.
   *
   * @param connections none has been passed on yet; settings of TLS are that listener's as well
   */
  public static GrpcListener behind(
      PassedConnections connections,
      GrpcSettings settings,
      GrpcServices services,
      KeyValueStore store,
      ExecutorService threads,
      Companion companion,
      Optional<Gate> gate,
      Budgets budgets)
      throws IOException {
    NettyServerBuilder base = connections.builder(settings.tls().isPresent());
    return serving(base, settings, services, store, threads, companion, gate, budgets);
  }

  private static GrpcListener serving(
      NettyServerBuilder base,
      GrpcSettings settings,
      GrpcServices services,
      KeyValueStore store,
      ExecutorService threads,
      Companion companion,
      Optional<Gate> gate,
      Budgets budgets)
      throws IOException {
    ConnectionLog.silence();
    Connections connections = new Connections(budgets, settings);
    StoreHealth health = new StoreHealth(store, services.names());
    Refusals refusals = new Refusals(services.refusals());
    NettyServerBuilder builder =
        limited(base, settings, store.limits())
            .executor(MoreExecutors.directExecutor())
            .addTransportFilter(connections);
    serve(builder, services, companion, health, settings);
    Optional<GoodCertificates> good =
        settings.tls().map(shown -> new GoodCertificates(shown, threads, refusals));
    around(builder, services, settings, threads, companion, gate, budgets, refusals, good);
    Server server = builder.build();
    try {
      server.start();
    } catch (IOException cannotListen) {
      good.ifPresent(GoodCertificates::close);
      throw cannotListen;
    }
    threads.execute(health::follow);
    return new GrpcListener(server, connections, health, good, settings);
  }

  private static void serve(
      NettyServerBuilder builder,
      GrpcServices services,
      Companion companion,
      StoreHealth health,
      GrpcSettings settings) {
    builder
        .addServices(services.whole().stream().map(Resets::allowed).toList())
        .addService(health.service())
        .addService(ProtoReflectionServiceV1.newInstance());
    companion.services().forEach(builder::addService);
    settings
        .observation()
        .map(by -> new RequestMeters(services.door(), verbs(services, companion), by.registry()))
        .ifPresent(meters -> builder.addStreamTracerFactory(new CallMeters(meters)));
  }

  /** Puts around each call what has to stand there. */
  static void around(
      ServerBuilder<?> builder,
      GrpcServices services,
      GrpcSettings settings,
      Executor threads,
      Companion companion,
      Optional<Gate> gate,
      Budgets budgets,
      Refusals refusals,
      Optional<GoodCertificates> good) {
    Callers callers =
        new Callers(
            budgets,
            services.methods(),
            gate,
            companion.passedOn(),
            services.token(),
            companion.proof());
    Optional<UserServices> users =
        gate.map(asked -> new UserServices(asked, services, companion.forUsers(), refusals));
    CallThreads serving = new CallThreads(threads, services.atOnce(), users, callers);
    builder.addStreamTracerFactory(serving).callExecutor(serving);
    // what is added last is met first
    layers(services, settings, companion, callers, users, good, refusals)
        .reversed()
        .forEach(builder::intercept);
    if (settings.tls().flatMap(Certificates::ofClients).isPresent()) {
      // calls on a connection whose client's certificate is over are refused until it is renewed
      builder.maxConnectionAge(CONNECTION_MINUTES, TimeUnit.MINUTES);
    }
  }

  /** What stands around each call, the outermost first. */
  private static List<ServerInterceptor> layers(
      GrpcServices services,
      GrpcSettings settings,
      Companion companion,
      Callers callers,
      Optional<UserServices> users,
      Optional<GoodCertificates> good,
      Refusals refusals) {
    List<ServerInterceptor> layers = new ArrayList<>();
    layers.add(
        new CallIds(
            services.door(), settings.observation().map(Observation::tracer).orElse(Tracer.NONE)));
    good.ifPresent(layers::add);
    layers.addAll(companion.interceptors());
    layers.add(new LimitedCalls(callers, services.lasting(), refusals));
    layers.add(
        users
            .<ServerInterceptor>map(asked -> asked)
            .orElse(new ProvenReplicas(companion.forReplicas(), companion.proof(), refusals)));
    return layers;
  }

  /** The names under which calls are counted. */
  private static Set<String> verbs(GrpcServices services, Companion companion) {
    return Stream.concat(services.methods().stream(), companion.methods().stream())
        .map(CallMeters::verb)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static ServerCredentials credentials(Optional<Certificates> tls) {
    if (tls.isEmpty()) {
      return InsecureServerCredentials.create();
    }
    TlsServerCredentials.Builder credentials =
        TlsServerCredentials.newBuilder().keyManager(tls.get().own());
    tls.get()
        .ofClients()
        .ifPresent(
            trust ->
                credentials
                    .trustManager(trust)
                    .clientAuth(
                        tls.get().clientsMust()
                            ? TlsServerCredentials.ClientAuth.REQUIRE
                            : TlsServerCredentials.ClientAuth.OPTIONAL));
    return credentials.build();
  }

  private static NettyServerBuilder limited(
      NettyServerBuilder builder, GrpcSettings settings, Limits limits) {
    long message = 2L * limits.maxValueBytes() + BESIDE_VALUES_BYTES;
    return builder
        .withChildOption(ChannelOption.SO_SNDBUF, Unsent.SOCKET_BYTES)
        .maxInboundMessageSize((int) Math.min(Integer.MAX_VALUE, message))
        .maxConcurrentCallsPerConnection(settings.callsPerConnection())
        .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
        .maxRstFramesPerWindow(CANCELLED_CALLS, CANCELLED_CALLS_SECONDS)
        .keepAliveTime(settings.keepAlive().toNanos(), TimeUnit.NANOSECONDS)
        .keepAliveTimeout(settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
        .permitKeepAliveTime(settings.permittedKeepAlive().toNanos(), TimeUnit.NANOSECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  /** The port that it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Connections that are open. */
  public int connections() {
    return connections.open();
  }

  /** Connections that ended before anything could be asked on them. */
  public long failedHandshakes() {
    return connections.failedHandshakes();
  }

  /** Says that nothing is served, and takes no more calls; those in flight go on. */
  public void refuse() {
    deadline = System.nanoTime() + settings.drain().toNanos();
    health.close();
    server.shutdown();
  }

  /**
   * Lets calls in flight finish for a few seconds from {@link #refuse} on, and cancels the rest.
   */
  @Override
  public void close() {
    if (!server.isShutdown()) {
      refuse();
    }
    try {
      if (!server.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
        server.awaitTermination(CANCELLING_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException interrupted) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      good.ifPresent(GoodCertificates::close);
    }
  }
}
