package io.kubekv.etcdv3;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.kubekv.KeyValueStore;
import io.kubekv.etcdv3.call.Failures;
import io.kubekv.etcdv3.call.Members;
import io.kubekv.etcdv3.call.Setup;
import io.kubekv.etcdv3.gateway.Gateway;
import io.kubekv.etcdv3.wire.AuthGrpc;
import io.kubekv.etcdv3.wire.ElectionGrpc;
import io.kubekv.etcdv3.wire.KVGrpc;
import io.kubekv.etcdv3.wire.LeaseGrpc;
import io.kubekv.etcdv3.wire.LockGrpc;
import io.kubekv.etcdv3.wire.WatchGrpc;
import io.kubekv.transport.access.Access;
import io.kubekv.transport.door.Door;
import io.kubekv.transport.door.DoorContext;
import io.kubekv.transport.door.HttpApi;
import io.kubekv.transport.door.ListenAddress;
import io.kubekv.transport.door.OpenDoor;
import io.kubekv.transport.door.SharedPort;
import io.kubekv.transport.door.View;
import io.kubekv.transport.grpc.GrpcServices;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * etcd's port: its API version 3, over gRPC and as JSON over HTTP, and beside it what else is
 * answered over HTTP.
 *
 * @param address where it listens
 * @param members the replicas
 * @param http what else is answered over HTTP: the API version 2
 */
public record EtcdV3Door(
    ListenAddress address, Members members, Function<DoorContext, HttpApi> http) implements Door {
  private static final String API = "etcd-v3";
  private static final Context.Key<KeyValueStore> CALLERS = Context.key("the store as seen");
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** In metrics, of what is asked over HTTP. */
  @Override
  public String name() {
    return "etcd";
  }

  @Override
  public OpenDoor open(DoorContext context) throws IOException {
    View whole = context.store(API).inOnePiece();
    EtcdV3Services services =
        new EtcdV3Services(
            new Setup(
                CALLERS::get,
                whole.store(),
                members,
                context.gate().map(gate -> new GateLogins(gate, context.threads())),
                context.threads(),
                context.loop().netty(),
                System::nanoTime,
                Setup.PROGRESS,
                context.budgets().room()));
    try {
      context
          .metrics()
          .gauge(
              "kubekv.etcd.v3.watches",
              "Open watches of the etcd v3 API",
              services,
              EtcdV3Services::watchCount);
      HttpApi api = gateway(services, context, http.apply(context));
      SharedPort port = context.both(this, api, calls(services, whole));
      return new Opened(port, services);
    } catch (IOException | RuntimeException cannotOpen) {
      services.close();
      throw cannotOpen;
    }
  }

  /** As JSON, in which a value is a third longer, before the other API. */
  private static HttpApi gateway(EtcdV3Services services, DoorContext context, HttpApi other) {
    View whole = context.store(API).inOnePiece(value -> (value.size() + 2L) / 3 * 4);
    Gateway open = new Gateway(other.whole(), on(services, whole.store()));
    return new HttpApi(
        open,
        access -> open.on(other.views().apply(access), on(services, whole.of(access).store())),
        other.readable());
  }

  private static GrpcServices calls(EtcdV3Services services, View whole) {
    return new GrpcServices(
        API,
        access ->
            on(services, access.equals(Access.ALL) ? whole.store() : whole.of(access).store()),
        Set.of(
            KVGrpc.getRangeMethod().getFullMethodName(),
            KVGrpc.getPutMethod().getFullMethodName(),
            KVGrpc.getDeleteRangeMethod().getFullMethodName(),
            KVGrpc.getTxnMethod().getFullMethodName()),
        Set.of(
            WatchGrpc.getWatchMethod().getFullMethodName(),
            LeaseGrpc.getLeaseKeepAliveMethod().getFullMethodName(),
            LockGrpc.getLockMethod().getFullMethodName(),
            ElectionGrpc.getCampaignMethod().getFullMethodName(),
            ElectionGrpc.getObserveMethod().getFullMethodName()),
        why -> Failures.of(why).asRuntimeException(),
        Set.of(
            AuthGrpc.getAuthenticateMethod().getFullMethodName(),
            AuthGrpc.getAuthStatusMethod().getFullMethodName()),
        EtcdV3Door::token);
  }

  /** The services for those who see the store like this. */
  private static List<ServerServiceDefinition> on(EtcdV3Services services, KeyValueStore view) {
    ServerInterceptor seeing =
        new ServerInterceptor() {
          @Override
          public <Q, A> ServerCall.Listener<Q> interceptCall(
              ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return Contexts.interceptCall(
                Context.current().withValue(CALLERS, view), call, headers, next);
          }
        };
    return services.services().stream()
        .map(BindableService::bindService)
        .map(service -> ServerInterceptors.intercept(service, seeing))
        .toList();
  }

  /**
   * The token that a call shows: as etcd's clients do, which call it {@code token} or show it in
   * {@code authorization} as it is (etcd 3.6, server/auth/store.go), or as all others do.
   */
  static Optional<String> token(Metadata headers) {
    return Optional.ofNullable(headers.get(TOKEN))
        .or(
            () ->
                GrpcServices.authorization(headers)
                    .or(
                        () ->
                            Optional.ofNullable(headers.get(AUTHORIZATION))
                                .filter(alone -> alone.indexOf(' ') < 0)))
        .map(String::trim)
        .filter(shown -> !shown.isEmpty());
  }

  /** A port, and what is served there. */
  private record Opened(SharedPort at, EtcdV3Services services) implements OpenDoor {
    @Override
    public int port() {
      return at.port();
    }

    @Override
    public void close() {
      at.close(services::close);
    }
  }
}
