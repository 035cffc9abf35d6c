package io.kubekv.transport.grpc;

import io.grpc.ForwardingServerBuilder;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.kubekv.transport.access.Gate;
import io.kubekv.transport.limits.Budgets;
import io.kubekv.transport.tls.Certificates;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What stands around a call. */
public final class GrpcLayers {
  private GrpcLayers() {}

  /** The classes' names, the outermost first; that of a companion is {@code Companion}. */
  public static List<String> around(Gate gate, Budgets budgets, Certificates tls) {
    GrpcServices services =
        new GrpcServices(
            "test",
            access -> List.of(),
            Set.of(),
            Set.of(),
            why -> Status.INTERNAL.asRuntimeException(),
            Set.of(),
            GrpcServices::authorization);
    Refusals refusals = new Refusals(services.refusals());
    Installed installed = new Installed();
    ServerInterceptor beside = new Beside();
    try (GoodCertificates good = new GoodCertificates(tls, Runnable::run, refusals)) {
      GrpcListener.around(
          installed,
          services,
          GrpcSettings.DEFAULT,
          Runnable::run,
          Companion.none(beside),
          Optional.of(gate),
          budgets,
          refusals,
          Optional.of(good));
    }
    return installed.layers.stream()
        .map(layer -> layer.equals(beside) ? "Companion" : layer.getClass().getSimpleName())
        .toList();
  }

  /** A builder that says what is installed; what is installed last is met first. */
  private static final class Installed extends ForwardingServerBuilder<Installed> {
    final List<ServerInterceptor> layers = new ArrayList<>();
    private final ServerBuilder<?> builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create());

    @Override
    protected ServerBuilder<?> delegate() {
      return builder;
    }

    @Override
    public Installed intercept(ServerInterceptor layer) {
      layers.addFirst(layer);
      return super.intercept(layer);
    }
  }

  /** Does nothing. */
  private static final class Beside implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return next.startCall(call, headers);
    }
  }
}
