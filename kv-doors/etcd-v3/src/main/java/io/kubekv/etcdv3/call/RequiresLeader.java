package io.kubekv.etcdv3.call;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;

/**
 * Whether a client wants no answers where nobody is known to write (etcd 3.6,
 * api/v3rpc/rpctypes/metadatafields.go): kube-apiserver wants its watches to end then, and begins
 * them elsewhere.
 */
public final class RequiresLeader implements ServerInterceptor {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Boolean> WANTED =
      Context.keyWithDefault("etcd hasleader", Boolean.FALSE);

  /** The service, where {@link #isWanted} is known when a call begins. */
  public static BindableService heard(BindableService service) {
    return () -> ServerInterceptors.intercept(service, new RequiresLeader());
  }

  /** Whether the client of the current call wants that. */
  public static boolean isWanted() {
    return WANTED.get();
  }

  @Override
  public <Q, W> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, W> call, Metadata headers, ServerCallHandler<Q, W> next) {
    Context context = Context.current().withValue(WANTED, "true".equals(headers.get(HEADER)));
    return Contexts.interceptCall(context, call, headers, next);
  }
}
