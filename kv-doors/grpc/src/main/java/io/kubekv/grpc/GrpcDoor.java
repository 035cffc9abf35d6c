package io.kubekv.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.kubekv.KeyValueStore;
import io.kubekv.Limits;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.access.GuardedStore;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.limits.ClientLimits;
import io.kubekv.transport.limits.Unsent;
import io.kubekv.transport.requests.Observation;
import io.kubekv.transport.requests.RequestMeters;
import io.kubekv.transport.requests.Tracer;
import io.kubekv.transport.tls.Certificates;
import io.kubekv.v1.KeyValueGrpc;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The gRPC door: {@code kubekv.v1}, {@code grpc.health.v1} and server reflection on a port of its
 * own. Calls are served on virtual threads, which may block, but a get that can be answered from
 * memory is answered by the event loop that read it: changing threads would cost more than the
 * rest. What a client can make the server hold is bounded by {@link GrpcSettings}.
 */
public final class GrpcDoor implements AutoCloseable {
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
  private final Streams streams;
  private final KeyLocks locks;
  private final SessionsService sessions;
  private final StoreHealth health;
  private final Optional<GoodCertificates> good;
  private final Connections connections;
  private final GrpcSettings settings;

  private GrpcDoor(
      Server server,
      Connections connections,
      Streams streams,
      KeyLocks locks,
      SessionsService sessions,
      StoreHealth health,
      Optional<GoodCertificates> good,
      GrpcSettings settings) {
    this.server = server;
    this.connections = connections;
    this.streams = streams;
    this.locks = locks;
    this.sessions = sessions;
    this.health = health;
    this.good = good;
    this.settings = settings;
  }

  /**
   * Listens.
   *
   * @param address where; port 0 for any free one
   * @param threads virtual threads; not taken over
   * @param interceptors see every call first
   * @throws IOException when the address cannot be bound
   */
  public static GrpcDoor start(
      InetSocketAddress address,
      GrpcSettings settings,
      KeyValueStore store,
      ExecutorService threads,
      ServerInterceptor... interceptors)
      throws IOException {
    Beside beside = Beside.nothing(List.of(interceptors));
    Budgets unlimited = new Budgets(ClientLimits.DEFAULT, Integer.MAX_VALUE);
    return start(address, settings, store, threads, beside, Optional.empty(), unlimited);
  }

  /**
   * Listens, and serves what goes with it.
   *
   * @param companion what is served beside the store, if anything
   * @param gate knows who calls and what they may; absent: everybody may everything
   * @param budgets what each client may take; stay the caller's
   */
  public static GrpcDoor start(
      InetSocketAddress address,
      GrpcSettings settings,
      KeyValueStore store,
      ExecutorService threads,
      Optional<Companion> companion,
      Optional<Gate> gate,
      Budgets budgets)
      throws IOException {
    Beside beside = companion.map(Beside::of).orElse(Beside.nothing(List.of()));
    return start(address, settings, store, threads, beside, gate, budgets);
  }

  /** The names under which the calls of services are counted. */
  private static Set<String> verbs(
      Function<Access, List<ServerServiceDefinition>> ours, Beside beside) {
    return Stream.concat(
            ours.apply(Access.ALL).stream(),
            beside.services().stream().map(BindableService::bindService))
        .flatMap(service -> service.getMethods().stream())
        .map(method -> CallMeters.verb(method.getMethodDescriptor().getFullMethodName()))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What is served beside the store. */
  private record Beside(
      List<BindableService> services,
      List<ServerInterceptor> interceptors,
      Set<String> forUsers,
      Optional<Metadata.Key<String>> passedOn,
      Predicate<Metadata> proof) {
    static Beside nothing(List<ServerInterceptor> interceptors) {
      return new Beside(List.of(), interceptors, Set.of(), Optional.empty(), headers -> false);
    }

    /** The methods that are for replicas alone, by full name. */
    Set<String> forReplicas() {
      return services.stream()
          .flatMap(service -> service.bindService().getMethods().stream())
          .map(method -> method.getMethodDescriptor().getFullMethodName())
          .filter(name -> !forUsers.contains(name))
          .collect(Collectors.toUnmodifiableSet());
    }

    static Beside of(Companion companion) {
      return new Beside(
          List.of(companion.service()),
          companion.interceptors(),
          companion.forUsers(),
          companion.passedOn(),
          companion.proof());
    }
  }

  private static GrpcDoor start(
      InetSocketAddress address,
      GrpcSettings settings,
      KeyValueStore store,
      ExecutorService threads,
      Beside beside,
      Optional<Gate> gate,
      Budgets budgets)
      throws IOException {
    ConnectionLog.silence();
    Connections connections = new Connections(budgets, settings);
    Callers callers = new Callers(budgets, gate, beside.passedOn(), beside.proof());
    Streams streams = new Streams(threads, budgets.room());
    KeyLocks locks = new KeyLocks(store, threads);
    SessionsService sessions = new SessionsService(store, streams);
    StoreHealth health = new StoreHealth(store);
    Function<Access, List<ServerServiceDefinition>> services =
        access -> {
          KeyValueStore view = access.equals(Access.ALL) ? store : new GuardedStore(store, access);
          return List.of(
              new KeyValueService(view, streams, threads, settings.progress()).bindService(),
              sessions.on(view).bindService(),
              new LocksService(locks, store.limits(), access).bindService());
        };
    Optional<UserServices> users =
        gate.map(asked -> new UserServices(asked, services, beside.forUsers()));
    NettyServerBuilder builder =
        limited(
                NettyServerBuilder.forAddress(address, credentials(settings.tls())),
                settings,
                store.limits())
            .executor(MoreExecutors.directExecutor())
            .callExecutor(new GetsAtOnce(threads, users, callers))
            .addTransportFilter(connections)
            .addServices(services.apply(Access.ALL).stream().map(Resets::allowed).toList())
            .addService(health.service())
            .addService(ProtoReflectionServiceV1.newInstance());
    settings
        .observation()
        .map(by -> new RequestMeters("grpc", verbs(services, beside), by.registry()))
        .ifPresent(meters -> builder.addStreamTracerFactory(new CallMeters(meters)));
    beside.services().forEach(builder::addService);
    // the last before the service
    builder.intercept(
        users
            .<ServerInterceptor>map(asked -> asked)
            .orElse(new ProvenReplicas(beside.forReplicas(), beside.proof())));
    builder.intercept(new LimitedCalls(callers));
    beside.interceptors().forEach(builder::intercept);
    Optional<GoodCertificates> good =
        settings.tls().map(certificates -> new GoodCertificates(certificates, threads));
    good.ifPresent(builder::intercept);
    // sees every call first
    builder.intercept(
        new CallIds(settings.observation().map(Observation::tracer).orElse(Tracer.NONE)));
    if (settings.tls().flatMap(Certificates::ofClients).isPresent()) {
      // calls on a connection whose client's certificate is over are refused until it is renewed
      builder.maxConnectionAge(CONNECTION_MINUTES, TimeUnit.MINUTES);
    }
    Server server = builder.build();
    try {
      server.start();
    } catch (IOException cannotListen) {
      good.ifPresent(GoodCertificates::close);
      throw cannotListen;
    }
    threads.execute(health::follow);
    return new GrpcDoor(server, connections, streams, locks, sessions, health, good, settings);
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

  /** Which thread serves a call. */
  private record GetsAtOnce(Executor threads, Optional<UserServices> users, Callers callers)
      implements ServerCallExecutorSupplier {
    private static final String GET = KeyValueGrpc.getGetMethod().getFullMethodName();

    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
      boolean atOnce =
          call.getMethodDescriptor().getFullMethodName().equals(GET)
              && users.map(asked -> asked.isKnown(call, headers)).orElse(true)
              && callers.isFree(call, headers);
      return atOnce ? MoreExecutors.directExecutor() : threads;
    }
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

  /** Watches, locks and lists that are open. */
  public int streams() {
    return streams.count() + locks.count();
  }

  /**
   * Takes no more calls, frees the locks, ends the streams, lets calls in flight finish for a few
   * seconds and cancels the rest.
   */
  @Override
  public void close() {
    long deadline = System.nanoTime() + settings.drain().toNanos();
    health.close();
    server.shutdown();
    try {
      locks.end(settings.drain());
      streams.end();
      sessions.end();
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
