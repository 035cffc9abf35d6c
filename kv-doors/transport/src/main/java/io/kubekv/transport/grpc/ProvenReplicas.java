package io.kubekv.transport.grpc;

import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.kubekv.PermissionDeniedException;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lets nobody but a replica call what is for replicas, where users have no names and so no grants,
 * and has it kept in mind which calls are a replica's ({@link ReplicaCalls}).
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
    if (proof.test(headers)) {
      return Contexts.interceptCall(ReplicaCalls.proven(), call, headers, next);
    }
    return !methods.contains(method)
        ? next.startCall(call, headers)
        : refusals.refuse(
            call,
            new PermissionDeniedException(
                method
                    + " is for replicas, which show the secret that the holder tells in the"
                    + " store's Lease"));
  }
}
