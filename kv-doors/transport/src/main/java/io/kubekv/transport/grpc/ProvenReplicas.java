package io.kubekv.transport.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.kubekv.PermissionDeniedException;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lets nobody but a replica call what is for replicas, where users have no names and so no grants.
 *
 * @param methods that are for replicas, by full name
 * @param proof whether a call's metadata show that it comes from one
 */
record ProvenReplicas(Set<String> methods, Predicate<Metadata> proof, Refusals refusals)
    implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    return !methods.contains(method) || proof.test(headers)
        ? next.startCall(call, headers)
        : refusals.refuse(
            call,
            new PermissionDeniedException(
                method
                    + " is for replicas, which show the secret that the holder tells in the"
                    + " store's Lease"));
  }
}
